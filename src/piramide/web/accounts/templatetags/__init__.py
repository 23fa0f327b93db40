"""What pages of people ask in templates."""
