"""Lets tests that commit empty the tables afterwards: the register's own triggers refuse that, as they must."""
