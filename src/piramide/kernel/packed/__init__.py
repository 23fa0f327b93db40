"""Packed files (XLSX, ODS, DOCX): what they may unfold to, what they weigh, and whether they may be opened at all."""
