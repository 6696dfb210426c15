"""Claims: shown when they hold, raised when they do not, gathered in order."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from attnbook import ClaimError, Claims
from attnbook.claims import Claim, ClaimTable

HOLDS: dict[str, Any] = {"claimed": "64", "measured": "63.8", "holds": True}


@pytest.fixture
def claims() -> Claims:
    return Claims("02_scoring")


def test_a_claim_that_holds_is_shown_as_one_line(claims: Claims, capsys: pytest.CaptureFixture[str]) -> None:
    claims.check("C1", "the variance of q·k is d", **HOLDS)
    assert capsys.readouterr().out == "✓ C1: the variance of q·k is d (claimed: 64; measured: 63.8)\n"


def test_a_claim_that_does_not_hold_stops_with_the_same_sentence(
    claims: Claims, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ClaimError) as stopped:
        claims.check("C1", "the variance of q·k is d", claimed="64", measured="12.5", holds=False)
    assert str(stopped.value) == "does not hold: C1: the variance of q·k is d (claimed: 64; measured: 12.5)"
    assert isinstance(stopped.value, AssertionError)
    assert capsys.readouterr().out == ""
    assert claims.table().claims == ()


def test_the_table_is_in_the_order_of_the_numbers(claims: Claims) -> None:
    for id in ("C10", "C2b", "C1", "C2", "C2a"):
        claims.check(id, f"sentence of {id}", **HOLDS)
    table = claims.table()
    assert [claim.id for claim in table.claims] == ["C1", "C2", "C2a", "C2b", "C10"]
    for text in (repr(table), table._repr_html_(), table._repr_markdown_()):
        places = [text.index(f"sentence of {id}") for id in ("C1", "C2", "C2a", "C2b", "C10")]
        assert places == sorted(places)


def test_a_cell_that_is_run_again_replaces_its_line(claims: Claims) -> None:
    claims.check("C1", "old", **HOLDS)
    claims.check("C2", "second", **HOLDS)
    claims.check("C1", "new", claimed="1", measured="1.0", holds=True)
    assert [claim.sentence for claim in claims.table().claims] == ["new", "second"]


def test_a_cell_that_fails_when_run_again_loses_its_line(claims: Claims) -> None:
    claims.check("C1", "sentence", **HOLDS)
    with pytest.raises(ClaimError):
        claims.check("C1", "sentence", claimed="64", measured="0", holds=False)
    assert claims.table().claims == ()


def test_a_table_does_not_change_afterwards(claims: Claims) -> None:
    table = claims.table()
    claims.check("C1", "sentence", **HOLDS)
    assert table.claims == ()


@pytest.mark.parametrize("holds", [True, np.bool_(True), np.array([1.0])[0] > 0.5])
def test_booleans_of_python_and_numpy_decide(claims: Claims, holds: Any) -> None:
    claims.check("C1", "sentence", claimed="1", measured="1", holds=holds)
    with pytest.raises(ClaimError):
        claims.check("C1", "sentence", claimed="1", measured="1", holds=np.bool_(False))


@pytest.mark.parametrize("holds", [1, 0, 1.0, "True", None, np.array([True, True]), np.array(True), torch.tensor(True)])
def test_nothing_else_decides(claims: Claims, holds: Any) -> None:
    with pytest.raises(TypeError, match="it must be True or False: write a comparison"):
        claims.check("C1", "sentence", claimed="1", measured="1", holds=holds)
    assert claims.table().claims == ()


@pytest.mark.parametrize("id", ["", "1", "c1", "C", "C0", "C1ab", "C1 ", "C01", "C1A", "D1", "C1\n"])
def test_ids_are_those_of_the_plan(claims: Claims, id: str) -> None:
    with pytest.raises(ValueError, match="is not the id of a claim: write C1, or C1a"):
        claims.check(id, "sentence", **HOLDS)


@pytest.mark.parametrize("changed", [{"claimed": 64}, {"measured": 63.8}, {"sentence": None}, {"id": 1}])
def test_what_is_shown_is_text(claims: Claims, changed: dict[str, Any]) -> None:
    (name,) = changed
    with pytest.raises(TypeError, match=f"{name} is .*; write it as text"):
        claims.check(**{"id": "C1", "sentence": "sentence", **HOLDS, **changed})


NASTY = '<script>alert("1 < 2 & 3 > 2")</script>'


@pytest.mark.parametrize(
    "shown", [Claim("C1", NASTY, NASTY, NASTY), ClaimTable(NASTY, (Claim("C1", NASTY, NASTY, NASTY),))]
)
def test_html_is_escaped(shown: Claim | ClaimTable) -> None:
    html = shown._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;alert(&quot;1 &lt; 2 &amp; 3 &gt; 2&quot;)&lt;/script&gt;" in html
    assert "\\<script\\>" in shown._repr_markdown_()


def test_markdown_keeps_a_row_together() -> None:
    table = ClaimTable("02_scoring", (Claim("C1", "‖a‖ = |a| for *one* number_x", "$1$", "`1`"),))
    row = table._repr_markdown_().splitlines()[2]
    assert row == r"| ✓ C1 | ‖a‖ = \|a\| for \*one\* number\_x | \$1\$ | \`1\` |"


def test_html_has_classes_for_the_site_and_labels() -> None:
    claim = Claim("C1", "sentence", "64", "63.8")
    line, table = claim._repr_html_(), ClaimTable("02_scoring", (claim,))._repr_html_()
    assert line.startswith('<div class="claim">')
    assert table.startswith('<table class="claims" aria-label="Claims checked in 02_scoring">')
    assert table.count('<th scope="col">') == 4
    for html in (line, table):
        assert '<span class="claim-mark" role="img" aria-label="holds">✓</span>' in html
        assert "style=" not in html
        for part in ("C1", "sentence", "64", "63.8"):
            assert part in html


def test_the_table_in_a_terminal(claims: Claims) -> None:
    claims.check("C1", "first", **HOLDS)
    claims.check("C2", "second", **HOLDS)
    assert repr(claims.table()).splitlines() == [
        "Claims checked in 02_scoring",
        "✓ C1: first (claimed: 64; measured: 63.8)",
        "✓ C2: second (claimed: 64; measured: 63.8)",
    ]


PRINTS = """
import sys
sys.modules["IPython"] = None  # as if it were not installed
from attnbook import Claims
Claims("02_scoring").check("C1", "sentence", claimed="1", measured="1.0", holds=True)
"""


def test_it_works_without_ipython() -> None:
    printed = subprocess.run([sys.executable, "-c", PRINTS], capture_output=True, check=True, encoding="utf-8")
    assert printed.stdout == "✓ C1: sentence (claimed: 1; measured: 1.0)\n"


SHOWS = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
shell = InteractiveShell.instance()
with capture_output() as captured:
    shell.run_cell('''
from attnbook import Claims
Claims("02_scoring").check("C1", "sentence", claimed="1", measured="1.0", holds=True)
''')
(output,) = captured.outputs
print(sorted(output.data), captured.stdout == "")
"""


def test_in_a_kernel_it_is_displayed(tmp_path: Any) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", SHOWS],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env={**__import__("os").environ, "IPYTHONDIR": str(tmp_path)},
    )
    assert shown.stdout == "['text/html', 'text/markdown', 'text/plain'] True\n"
