"""Checks of a pack: its structure, and the identities that its published tables must satisfy.

`report.examine` does them all, `identities.proof_lines` proves the identities; each check is a module of its own.
"""
