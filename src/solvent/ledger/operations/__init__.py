"""What people do with their books, one use case a module."""
