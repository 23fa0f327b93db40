"""Exports as they come, read through a mapping that a person confirmed: which header gives which column."""
