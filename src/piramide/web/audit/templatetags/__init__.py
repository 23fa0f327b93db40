"""What pages of the register ask in templates."""
