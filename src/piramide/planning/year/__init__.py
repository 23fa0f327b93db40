"""A year month by month under a policy of work sharing: forecasts decide, facts happen."""
