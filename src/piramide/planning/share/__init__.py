"""Work sharing: a problem, its network of hubs, the best plan by stages, its certificate, its prices."""
