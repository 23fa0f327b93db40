"""The demonstration as a site: the work that waits for its people, and its older months made while it is open."""
