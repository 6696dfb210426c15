"""Repairing: what a student handed in becomes the released notebook with the student's work in it."""
