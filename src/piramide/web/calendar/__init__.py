"""The deadlines of the cycle, what is due from whom, and the mail that reminds of it."""
