"""What people do with files: preview, import, undo, redo."""
