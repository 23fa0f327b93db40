"""What is coming: candidates tried on the past, the best of each level, reconciled; intervals, draws and events."""
