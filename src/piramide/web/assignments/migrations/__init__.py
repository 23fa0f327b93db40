"""Steps of the database of this room."""
