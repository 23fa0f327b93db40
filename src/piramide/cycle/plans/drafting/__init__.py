"""Drafts of a plan: edits over a plan that is there, tried in memory, written as a new pack, and its gates."""
