"""Checks of a pack: its structure, and the identities that its published tables must satisfy."""

from __future__ import annotations

from piramide.methodology.checks.identities import ProofLine, proof_lines
from piramide.methodology.checks.report import CheckReport, examine

__all__ = ["CheckReport", "ProofLine", "examine", "proof_lines"]
