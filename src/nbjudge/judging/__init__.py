"""What a task asks of a function, and how a function is judged by it."""
