"""Search: structures, indicators, acts and projects by any of their words, in memory."""
