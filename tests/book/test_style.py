"""The site's look: contrast of every pair of colours that meet, vendored parts that fit together, one style sheet."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from attnbook import theme

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "book" / "_site"
CSS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((SITE / "css").glob("*.css")))
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
}
BOXES = ["note", "good", "mind", "wrong", "task"]
TEXTS = ["ink", "ink-strong", "ink-soft", "accent"]
CODE = ["code-word", "code-name", "code-text", "code-count", "code-note"]
PAIRS = [
    *[(text, ground) for text in TEXTS for ground in ("paper", "panel", "raised", "accent-soft")],
    ("paper", "accent"),  # the search button
    *[(text, f"{box}-soft") for box in BOXES for text in (box, *TEXTS)],
    *[(box, "paper") for box in BOXES],
    *[(code, ground) for code in CODE for ground in ("paper", "panel")],
    ("wrong", "panel"),
]


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_reads_on_its_ground(text: str, ground: str, theme: int) -> None:
    assert contrast(TOKENS[text][theme], TOKENS[ground][theme]) >= 4.5


def colours(declarations: str, name: str) -> list[str]:
    """The tokens that one rule sets as `color` or `background`; `tone` and `tint` are those of each box."""
    return re.findall(rf"(?<![\w-]){name}: var\(--(?!tone|tint)([\w-]+)\)", declarations)


def test_every_pair_of_the_style_sheet_is_measured() -> None:
    """What stands alone in its rule meets the paper, the ink and the links."""
    met: set[tuple[str, str]] = set()
    for declarations in re.findall(r"\{([^{}]*)\}", CSS):
        texts, grounds = colours(declarations, "color"), colours(declarations, "background")
        met |= {(text, ground) for text in texts for ground in grounds or ["paper"]}
        met |= {(text, ground) for ground in grounds for text in texts or ["ink", "accent"]}
    assert ("paper", "accent") in met
    assert ("ink-soft", "paper") in met
    assert met - set(PAIRS) == set()


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("box", BOXES)
def test_code_reads_in_a_box(box: str, theme: int) -> None:
    (share,) = re.findall(r"\.admonition :is\(p, li, td\) code \{[^}]*var\(--tone\) (\d+)%", CSS)
    tone, tint = TOKENS[box][theme], TOKENS[f"{box}-soft"][theme]
    mixed = [
        round((int(tone[at : at + 2], 16) * int(share) + int(tint[at : at + 2], 16) * (100 - int(share))) / 100)
        for at in (1, 3, 5)
    ]
    assert contrast(TOKENS["ink-strong"][theme], "#" + "".join(f"{part:02x}" for part in mixed)) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_focus_shows(theme: int) -> None:
    for ground in ("paper", "panel", "accent-soft"):
        assert contrast(TOKENS["focus"][theme], TOKENS[ground][theme]) >= 3


def test_every_colour_used_is_defined() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    defined = set(re.findall(r"--([\w-]+):", CSS)) | {"width", "at"}  # a picture's width, and the place of a handle
    assert used <= defined


def test_the_things_in_the_pictures_have_the_colours_of_the_package() -> None:
    for name in ("query", "key", "value"):
        assert TOKENS[name] == (theme.LIGHT[name], theme.DARK[name])


def test_no_colour_is_written_outside_the_tokens() -> None:
    rest = re.sub(r"light-dark\([^)]*\)", "", CSS)
    assert not re.findall(r"#[0-9a-fA-F]{3,8}\b(?![\w-]*\s*\{)(?=[;\s)])", rest)


def test_the_style_and_the_program_of_katex_are_of_one_version() -> None:
    package = importlib.util.find_spec("sphinxcontrib.katex")
    assert package is not None
    assert package.origin is not None
    program = Path(package.origin).with_name("katex.min.js").read_text(encoding="utf-8")
    style = (SITE / "static" / "katex" / "katex.min.css").read_text(encoding="utf-8")
    (version,) = re.findall(r'version:"([\d.]+)"', program)
    assert f'content:"{version}"' in style


def test_every_font_that_katex_names_is_there_with_its_licence() -> None:
    folder = SITE / "static" / "katex"
    style = (folder / "katex.min.css").read_text(encoding="utf-8")
    named = set(re.findall(r"url\(([^)]+)\)", style))
    assert named == {f"fonts/{path.name}" for path in (folder / "fonts").iterdir()}
    assert "MIT" in (folder / "LICENSE").read_text(encoding="utf-8")


def test_the_site_loads_its_style_sheet_and_its_fonts(site: Path) -> None:
    page = (site / "book" / "index.html").read_text(encoding="utf-8")
    sheets = re.findall(r'<link rel="stylesheet" href="[./]*_static/([^?"]+)', page)
    assert sheets == ["folio.css", "explorers/scoring.css"]  # its own, and that of the explorer on the page
    style = (site / "_static" / "folio.css").read_text(encoding="utf-8")
    for name in re.findall(r"url\(([^)]+)\)", style):
        assert (site / "_static" / name).is_file()
