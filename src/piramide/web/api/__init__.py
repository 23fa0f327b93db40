"""The interface for programs: the same reads as the pages and the writes of the collection, under /api/v1."""
