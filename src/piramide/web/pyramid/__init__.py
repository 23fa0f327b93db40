"""The home page: the pyramid of the administration, what moved, where to look, what I have to do."""
