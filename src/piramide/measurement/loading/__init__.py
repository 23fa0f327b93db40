"""Loading of facts: sources, cells, checks of rows and of histories, and the commit of a load."""
