"""The house: the frame of every page, the home page, errors, health, and what all rooms show alike."""
