"""The last look before results are validated or published: one declaration for each line of the checklist."""
