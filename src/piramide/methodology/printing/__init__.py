"""Targets on paper: how a figure is printed, and what a print says when it is read."""
