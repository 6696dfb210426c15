"""What nbgrader gets and gives: assignments, the gradebook, its settings."""
