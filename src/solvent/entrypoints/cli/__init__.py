"""The command ``solvent``: one module for each command or group of commands.

``main`` knows their names only and imports what is called; ``answers`` is how all of them speak.
"""
