"""The cube: what the ledger adds up to by office, line of products and month, one file per load."""
