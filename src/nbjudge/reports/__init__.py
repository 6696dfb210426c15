"""What people read in the end: lists of points, feedback pages, the overview, likeness."""
