"""What people are told about the site itself: a help page per page, the glossary, accessibility and privacy."""
