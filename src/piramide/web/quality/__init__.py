"""The quality dashboard."""
