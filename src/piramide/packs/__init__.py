"""The packs that ship: one folder of data per administration and year, and no code."""
