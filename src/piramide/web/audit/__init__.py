"""The register of changes: who, when, before, after, why, act; append-only, chained by hash."""
