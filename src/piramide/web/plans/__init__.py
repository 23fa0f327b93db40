"""The plan: its versions as acts, its amendments as differences, drafts that pass their gates until they are adopted."""
