"""Where a year is going: draws of what comes, what they make of every indicator, and how likely each target is."""
