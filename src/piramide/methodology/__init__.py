"""What a pack says: the method and the plan of one administration for one year, loaded, checked and compared."""
