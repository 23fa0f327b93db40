"""What the objective sheet of a structure says before any result: from a plan to the cells on paper."""
