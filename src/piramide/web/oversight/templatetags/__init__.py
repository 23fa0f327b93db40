"""What the templates of oversight ask for."""
