"""Plans: opened and checked by name, drafted, adopted, and amended."""
