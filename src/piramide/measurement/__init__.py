"""From facts to values: dataset contracts, the ledger of loads, checks of the facts, measures and their cube."""
