"""The mathematics, modules, pictures and explorers behind the book *Attention You Can Run*."""

from attnbook.claims import ClaimError, Claims

__all__ = ["ClaimError", "Claims"]
