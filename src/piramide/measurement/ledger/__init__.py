"""The ledger: append-only loads of facts, each kept whole or not at all."""
