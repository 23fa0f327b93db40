"""Engines that run one SQL text over the ledger; the only modules that open DuckDB or Spark."""
