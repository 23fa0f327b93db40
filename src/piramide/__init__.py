"""Piramide runs the performance cycle of a public administration, from the acts to results anybody can recompute."""

__version__ = "0.1.0"

__all__ = ["__version__"]
