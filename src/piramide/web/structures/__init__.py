"""The sheets of structures."""
