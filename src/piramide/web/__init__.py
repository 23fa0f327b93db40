"""The site: one application per room of the house that a user enters. Nothing below it knows Django."""
