"""Frozen results as documents: objective sheets, spreadsheets and open data."""
