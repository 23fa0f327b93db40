"""Documents in and out: objective sheets read into a pack, a pack as a spreadsheet and back, files to fill in."""
