"""Grading: jobs in, results out, in worker processes of this machine or of a Dask cluster."""
