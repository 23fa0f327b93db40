"""What keeps runs, opens them, tells where each stands and compares them."""
