"""Where the grader was before it became `nbjudge`: course folders made at that time name it in their settings."""
