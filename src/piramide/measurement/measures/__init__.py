"""Measures of a pack, compiled into the sums that one pass over each dataset computes."""
