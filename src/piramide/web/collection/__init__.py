"""Collection by hand: campaigns, values with their versions, uploads, signatures, contests and evidence."""
