"""Opens plan and store for whoever plans ahead, hands arrays to `planning`, and keeps the answers."""
