"""Solvent: personal finance for households, on books that can be trusted and proved."""
