"""What people write and read, in any room: days, numbers and texts of forms, and the language of the page."""
