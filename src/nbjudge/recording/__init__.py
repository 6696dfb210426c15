"""Recording: each result reaches the disk first, then the gradebook."""
