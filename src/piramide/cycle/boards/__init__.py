"""What the boards show of a run: spending, quality, where a structure stands among its like, projects."""
