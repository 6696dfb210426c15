"""Submissions that mean harm, or do it: each with what it may earn and what must be said of it.

Every one is made from a released notebook and honest solutions of its tasks. `HOSTILE` is the list; whoever tests more
than the grading of one notebook (the command, the gradebook, the reports) takes the same ones. `QUICK` names some of
each kind that together take two seconds.
"""

from tests.nbjudge.attacks import TALE, Hostile, answers, endings, judging, line, places, resources

__all__ = ["HOSTILE", "QUICK", "TALE", "Hostile"]

HOSTILE: list[Hostile] = [
    *judging.ATTACKS,
    *line.ATTACKS,
    *endings.ATTACKS,
    *resources.ATTACKS,
    *places.ATTACKS,
    *answers.ATTACKS,
]
QUICK = {
    "removes asserts from what is compiled",
    "looks for the reference on the stack and among all objects",
    "patches NumPy",
    "answers in the worker's place",
    "forges an answer while it is asked",
    "announces ten gigabytes",
    "os._exit in a call",
    "segmentation fault in a cell",
    "6 GB at once",
    "fork bomb",
    "makes a million empty files",
    "writes the gradebook",
    "looks for everything",
    "an array that agrees with everything",
    "spells out its arguments in a message",
}
