"""The course folder: what is graded, by whom, and what is kept."""
