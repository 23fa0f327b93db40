"""The kinds of rule, each declared once: its gap on arrays fast or exact, and what it can still reach (R44)."""
