"""Integrity alarms: what in the ledger is too rare to pass unseen, with its evidence, and never a verdict.

Every alarm asks the ledger one aggregate, compares each office with a reference (its cluster, its own past) whose
spread is estimated from the offices themselves, and rings below a probability fixed beforehand. `registry.ALARMS`
lists them; docs/integrity-alarms.md says what each one finds and how often it errs.
"""
