"""The runs that the site shows: which is current, which are published, and their figures in memory."""
