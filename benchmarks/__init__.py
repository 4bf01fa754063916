"""The performance budget, measured: each row a ratio to its floor in the same run."""
