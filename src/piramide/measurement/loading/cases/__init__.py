"""What the ledger says of every case, kept beside each load so that no load reads the entries of those before it."""
