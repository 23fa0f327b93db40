"""Assignments: the objectives sheets handed to the directors by an act, and who has seen them."""
