"""The rules of work sharing, one file each: its limit, whether a plan breaks it, its inequality and its page."""
