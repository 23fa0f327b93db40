"""Is a kept run still what it was: recomputed from what it kept, its facts proved, its store read in full."""
