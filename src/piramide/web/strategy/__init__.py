"""The chain from strategy to the objectives: where a line is, what carries it, how each stands, what is loose."""
