"""The year as a sequence of acts: use cases, one verb each, where the rooms meet."""
