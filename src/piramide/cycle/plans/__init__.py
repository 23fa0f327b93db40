"""Plans: opened and checked by name, drafted, adopted, in force from a day, and amended."""
