"""Who may enter, with which role, on which part of the organisation and until when."""
