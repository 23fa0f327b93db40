"""Invented facts in the formats of the dataset contracts, calibrated on published figures and the same for a seed."""
