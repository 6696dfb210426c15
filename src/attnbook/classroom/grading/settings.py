"""What the `nbgrader_config.py` of a course folder imports that was made before the grader became `nbjudge`."""

from nbjudge.nbgrader.settings import configure

__all__ = ["configure"]
