"""Commands: arguments, exit codes, tables in the terminal."""
