"""The similarity report finds the copied, whatever its names, and leaves alone what everybody writes."""

import json
import random
import re
import time
from typing import Any

from nbjudge.reports import similarity

HANDED_OUT = 'def scaled_dot(queries, keys):\n    """Score each key."""\n'
OWN = """
    width = queries.shape[-1]
    turned = np.moveaxis(keys, -1, -2)
    table = np.zeros((len(queries), len(keys)))
    for row, query in enumerate(queries):
        for column in range(len(keys)):
            table[row, column] = np.sum(query * turned[:, column])
    return table / width**0.5
"""
ANOTHER = """
    scores = np.einsum("...qd,...kd->...qk", queries, keys)
    if scores.size == 0:
        raise ValueError("nothing to score")
    root = math.sqrt(keys.shape[-1])
    return np.divide(scores, root)
"""
SHORT = "\n    return queries @ keys.T / np.sqrt(queries.shape[-1])\n"
RENAMED = re.sub(r"\b(width|turned|table|row|query|column)\b", lambda found: f"{found[0][::-1]}_2", OWN)


def cell(source: str, task: str = "scaled_dot-solution", kind: str = "code") -> dict[str, Any]:
    about = {"nbgrader": {"grade_id": task, "solution": True}} if task else {}
    return {"cell_type": kind, "source": source, "metadata": about}


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells)}


RELEASE = json.dumps(notebook(cell(HANDED_OUT + "    raise NotImplementedError\n")))


def compare(*bodies: str) -> list[similarity.Pair]:
    return similarity.compare({f"s{i}": notebook(cell(HANDED_OUT + body)) for i, body in enumerate(bodies)}, RELEASE)


def test_renaming_commenting_and_spacing_hide_nothing() -> None:
    commented = "\n".join(line + "  # my own idea" if line else "\n" for line in RENAMED.splitlines())
    (pair,) = compare(OWN, ANOTHER, commented)
    assert (pair.one, pair.other) == ("s0", "s2")
    assert pair.share > 0.99
    (passage,) = pair.passages
    assert passage.task == "scaled_dot"
    assert "table[row, column]" in passage.one
    marked = [line for number, line in enumerate(passage.one.splitlines()) if number in passage.one_lines]
    assert "\n".join(marked) == OWN.strip("\n")  # all of it, and nothing of what was handed out


def test_two_who_did_it_themselves_are_not_a_pair() -> None:
    assert compare(OWN, ANOTHER) == []


def test_what_was_handed_out_does_not_count() -> None:
    stub = cell(HANDED_OUT + "    raise NotImplementedError\n")
    assert similarity.compare({"a": notebook(stub), "b": notebook(stub)}, RELEASE) == []
    long_stub = HANDED_OUT + OWN
    release = json.dumps(notebook(cell(long_stub)))
    assert similarity.compare({"a": notebook(cell(long_stub)), "b": notebook(cell(long_stub))}, release) == []


def test_a_line_or_two_alike_is_chance() -> None:
    assert compare("\n    return queries @ keys.T\n", "\n    return queries @ keys.T\n") == []


def test_common_code_is_no_copy_but_rare_code_is() -> None:
    everybody = [SHORT] * 60
    assert compare(*everybody) == []
    pairs = compare(*everybody, SHORT + OWN, SHORT + RENAMED)
    assert [(pair.one, pair.other) for pair in pairs] == [("s60", "s61")]


def test_a_part_of_a_longer_submission_is_found() -> None:
    (pair,) = compare(OWN, RENAMED + ANOTHER)
    assert pair.share > 0.9


def test_answers_in_words_are_compared_as_words() -> None:
    answer = "Because the variance of a sum of d products grows with d, the softmax saturates and learning stops."
    other = "Long vectors make large scores; then one key takes everything and the gradient is nearly nought."
    texts = {"a": answer, "b": other, "c": answer.upper().replace(" ", "  ")}
    release = json.dumps(notebook(cell("*Write your answer here.*", "why", "markdown")))
    pairs = similarity.compare({who: notebook(cell(text, "why", "markdown")) for who, text in texts.items()}, release)
    assert [(pair.one, pair.other, round(pair.share, 6)) for pair in pairs] == [("a", "c", 1.0)]


def test_added_cells_count_and_locked_cells_do_not() -> None:
    added = {who: notebook(cell(OWN, ""), cell(SHORT)) for who in "ab"}
    (pair,) = similarity.compare(added, RELEASE)
    assert pair.passages[0].task == "cell 1"
    locked = {"cell_type": "code", "source": OWN, "metadata": {"nbgrader": {"grade_id": "x", "solution": False}}}
    assert similarity.compare({"a": notebook(locked), "b": notebook(locked)}, RELEASE) == []


def test_broken_code_is_compared_too() -> None:
    (pair,) = compare(OWN + "\n    return (((", RENAMED + "\n    return (((")
    assert pair.share > 0.9


def test_a_monstrous_cell_costs_little() -> None:
    numbers = random.Random(0)
    monster = HANDED_OUT + "    x = [" + ", ".join(str(numbers.random()) for _ in range(60_000)) + "]\n"
    repeated = HANDED_OUT + "    x = [" + "0, " * 60_000 + "]\n"
    books = {str(i): notebook(cell(text)) for i, text in enumerate([monster, monster, repeated, repeated])}
    before = time.process_time()
    pairs = similarity.compare(books, RELEASE)
    assert ("0", "1") in {(pair.one, pair.other) for pair in pairs}
    # The whole is a few seconds; growing with the square of a cell's length it would be hours.
    assert time.process_time() - before < 60


def test_a_cell_repeated_a_thousand_times_is_no_obstacle() -> None:
    flood = cell("y = [" + ", ".join(map(str, range(250))) + "]", task="")
    both = {one: notebook(cell(HANDED_OUT + OWN), *[flood] * 1000) for one in ("ada", "bob")}
    start = time.monotonic()
    (pair,) = similarity.compare(both, RELEASE)
    assert time.monotonic() - start < 15
    assert any(passage.task == "scaled_dot" for passage in pair.passages)
    assert 1 < len(pair.passages) <= similarity.MOST_SHOWN


def test_a_text_that_never_ends_does_not_stop_the_report() -> None:
    endless = cell("x = '" + r"\'" * 90_000, task="")
    both = {one: notebook(cell(HANDED_OUT + OWN), endless, endless) for one in ("ada", "bob")}
    start = time.monotonic()
    assert len(similarity.compare(both, RELEASE)) == 1
    assert time.monotonic() - start < 15


def test_what_is_written_before_it_hides_no_answer() -> None:
    flood = [cell(" ".join(f"{who}{i}_{j}" for j in range(10_000)), "", "markdown") for who in "ab" for i in range(9)]
    hidden = {who: notebook(*flood[9 * n :][:9], cell(HANDED_OUT + OWN)) for n, who in enumerate("ab")}
    (pair,) = similarity.compare(hidden, RELEASE, least=0.001)
    assert [passage.task for passage in pair.passages] == ["scaled_dot"]


def test_pairs_with_many_passages_show_the_longest() -> None:
    cells = [cell(" ".join(f"w{i}x{j}" for j in range(6 + i)), "", "markdown") for i in range(60)]
    (pair,) = similarity.compare({"a": notebook(*cells), "b": notebook(*cells)}, RELEASE)
    assert len(pair.passages) == similarity.MOST_SHOWN
