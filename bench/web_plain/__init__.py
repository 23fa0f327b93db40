"""The site that one writes first: rows in a table, summed by the ORM when the page is asked for."""
