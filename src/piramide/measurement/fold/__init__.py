"""Folding: every load of the ledger added up once, into a file of the cube."""
