"""Against the worker, and the line on which the grader listens."""

from tests.nbjudge.attacks import Hostile

__all__ = ["ATTACKS"]

# The worker's own module, as student code finds it: on the stack of whoever calls it.
INSIDE = """
    import sys
    frame = sys._getframe()
    while "_Notebook" not in frame.f_globals:
        frame = frame.f_back
    inside = frame.f_globals
"""
FRAME = """
    import json, os, struct
    def frame(value, length=None):
        header = json.dumps(value).encode()
        return struct.pack("<4sIQ", b"ATN1", len(header), length or 0) + header
    def shout(data):
        for number in range(3, 64):
            try:
                os.write(number, data)
            except OSError:
                pass
"""
ATTACKS = [
    Hostile(
        "answers in the worker's place",
        body=INSIDE
        + """
    inside["_answer"] = lambda book, request: {"value": 1.0, "after": request["with"][1], "kept": True, "points": 9.0}
    return 1.0
        """,
    ),
    Hostile(
        "answers in the worker's place with nonsense",
        body=INSIDE
        + """
    inside["_answer"] = lambda book, request: {"kept": True, "points": 99.0}
    return 1.0
        """,
        says="wrote to the line",
    ),
    Hostile(
        "sends an answer before it is asked",
        FRAME + '    shout(frame({"d": [["value", 1.0], ["after", {"t": []}], ["token", "0" * 32]]}))',
        says="wrote to the line",
    ),
    Hostile(
        "forges an answer while it is asked",
        body=FRAME + '    shout(frame({"d": [["value", 1.0], ["after", {"t": []}], ["points", 9]]}))\n    return 1.0',
        says="wrote to the line",
    ),
    Hostile(
        "forges an answer with the token of the question",
        body=INSIDE
        + """
    while "request" not in frame.f_locals or "token" not in frame.f_locals["request"]:
        frame = frame.f_back
    answer = [["value", 1.0], ["after", {"t": []}], ["token", frame.f_locals["request"]["token"]]]
    import json, os, struct
    header = json.dumps({"d": answer}).encode()
    whole = struct.pack("<4sIQ", b"ATN1", len(header), 0) + header
    for number in range(3, 64):
        try:
            os.write(number, whole)
        except OSError:
            pass
    return 1.0
        """,
        says="wrote to the line",
    ),
    Hostile("sends noise", "import os\nfor n in range(3, 64):\n    try:\n        os.write(n, os.urandom(4096))\n"
            "    except OSError:\n        pass", spoils="none", says="wrote to the line"),
    Hostile("announces ten gigabytes", FRAME + "    shout(frame(None, 10 << 30))", spoils="none",
            says="wrote to the line"),
    Hostile("never stops answering", body=FRAME + "    while True:\n        shout(frame(1.0) * 100)", spoils="first",
            says="wrote to the line"),
    Hostile("closes the line", "import os\nos.closerange(0, 100)", spoils="none", says="ended Python"),
    Hostile("closes the line in a call", body="import os\nos.closerange(0, 100)\nreturn 1.0", spoils="first",
            says="ended Python"),
    Hostile("points the line elsewhere", body="import os\nfor n in range(3, 64):\n    try:\n        os.dup2(2, n)\n"
            "    except OSError:\n        pass\nreturn 1.0", spoils="first", says="ended Python"),
]  # fmt: skip
