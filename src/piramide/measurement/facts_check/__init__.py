"""Checks of the facts in the ledger: everything that would make a value wrong or partial, as findings."""

from piramide.measurement.facts_check.check import CheckRequest, check_facts

__all__ = ["CheckRequest", "check_facts"]
