"""From a download to one notebook a student: files read, students told apart, cells put in their places."""
