"""Oversight: runs and their verification, findings, alarms, adjustments, validation and publication."""
