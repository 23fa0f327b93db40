"""Chapters, forecasts and the transit account."""
