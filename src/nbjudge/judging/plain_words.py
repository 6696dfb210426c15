"""What NumPy says of shapes and kinds, in the student's terms, and advice to add to it."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["advice_on", "in_plain_words"]

LONGEST = 280  # characters of a diagnosis
# What NumPy says in its own terms, and the same in the student's.
PLAINER = (
    (re.compile(r"matmul: Input operand .*? gufunc signature \S+"), "the shapes do not fit"),
    (
        re.compile(r"Cannot cast ufunc .* casting rule 'same_kind'"),
        "whole numbers cannot be changed to decimal ones in place",
    ),
    (
        re.compile("cannot convert float infinity to integer"),
        "an array of whole numbers has no room for ∞ (np.where makes a new one of decimal numbers)",
    ),
    (re.compile(r"ufunc 'bitwise_xor' not supported .*?''safe''"), "^ is no power in Python: write ** for it"),
)
# Where this is the fault, no advice on shapes is needed, and it would be wrong.
ELSEWHERE = (
    (
        re.compile(r"(too many|not enough) values to unpack \(.*?\)"),
        "you give names to another number of values than there are (a shape has one for each axis, and the last of "
        "them are shape[-2] and shape[-1])",
    ),
    (
        re.compile(r"The truth value of an array with more than one element is ambiguous\. Use .*?a\.all\(\)"),
        "one number, or one True or False, is wanted where you give a whole array (between arrays, write & for and, "
        "| for or, ~ for not, and np.where for if)",
    ),
    (
        re.compile(r"(einstein sum subscripts string|operand has more dimensions than subscripts) .*?(?= in line|$)"),
        "your einsum has not one letter for each axis (three dots, as in '...d', stand for any number of axes)",
    ),
)
CODE = re.compile(r": `.*`")
REFUSALS = re.compile("ValueError|AxisError|IndexError")  # what NumPy raises where shapes do not fit


def advice_on(trouble: str, shapes: Mapping[str, str]) -> str:
    """Return the words under the first pattern that is found in what NumPy said, "" if it refused no shapes."""
    found = (words for pattern, words in shapes.items() if re.search(pattern, trouble))
    return next(found, "") if REFUSALS.search(trouble) else ""


def in_plain_words(trouble: str, advice: str) -> str:
    """Put advice behind what NumPy said, in plain words; if both are long, the line's number says enough."""
    for pattern, words in PLAINER:
        trouble = pattern.sub(words, trouble)
    for pattern, words in ELSEWHERE:
        trouble, found = pattern.subn(words, trouble)
        advice = "" if found else advice
    advice = f" – {advice}" if advice else ""
    return trouble + advice if len(trouble) + len(advice) <= LONGEST else CODE.sub("", trouble) + advice
