"""The objective sheet before any result, as the act of assignment prints it: one paper in four formats, same bytes."""
