"""Entrypoints: the only wiring. Here a process is put together and started."""
