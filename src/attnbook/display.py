"""Display a value from inside a function: rich in a notebook, plain text elsewhere."""

import sys

__all__ = ["show"]


def show(value: object) -> None:
    """Display a value where a notebook is, and print its plain form where none is."""
    # A kernel has loaded IPython; without one, plain text is all that can be shown.
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        from IPython.display import display

        display(value)  # type: ignore[no-untyped-call]
    else:
        text, encoding = repr(value), getattr(sys.stdout, "encoding", None) or "utf-8"
        # A pipe on Windows may have no ✓: its name is longer, but says the same.
        print(text.encode(encoding, "namereplace").decode(encoding))
