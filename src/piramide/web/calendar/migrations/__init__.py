"""Tables of the calendar."""
