"""The box in which student code runs, and the line that leads into it."""
