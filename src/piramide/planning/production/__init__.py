"""The production of a year: what has to be resolved, the hours it takes, and where they come from."""
