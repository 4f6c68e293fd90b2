"""Readers of bank files, one format a module, all behind ``reading.Reader``."""
