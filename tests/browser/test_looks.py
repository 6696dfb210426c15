"""What one would see at a glance: the search, the front page and a chapter, on a phone and a laptop, light and dark.

Fonts differ from machine to machine, so no picture is compared with a stored one. Measured are where the parts are, how
wide the columns of text are, whether words lie on words, and, on a real screenshot, blank stretches and contrast.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

NewPage = Callable[..., Page]
ADDRESSES = ["search.html?q=softmax", "book/index.html", "book/02_scoring.html"]
SCREENS = [(390, 844), (1440, 900)]
SCHEMES = ["light", "dark"]

# The parts of the frame, and each piece of running text that is seen, as [left, top, right, bottom].
SEEN = """() => {
  const rect = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width > 1;
  const parts = {};
  for (const name of [".bar", ".contents", ".prose", ".sections"]) {
    const node = document.querySelector(name);
    if (node && shown(node)) parts[name] = rect(node);
  }
  const words = [...document.querySelectorAll(".prose :is(h1, h2, h3, p, li, .where)")].filter((node) =>
    shown(node) && !node.querySelector("p, li, .where") && !node.closest("table, .explorer, .recipe, .page-head, .aims")
    && node.textContent.trim() && rect(node)[1] < innerHeight && rect(node)[3] > parts[".bar"][3]);
  const told = (node) => node.textContent.trim();
  return { parts, words: words.map((node) => [told(node).slice(0, 30), told(node).length, rect(node)]) };
}"""

Box = list[float]


def overlap(one: Box, other: Box, by: float) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > by and down > by


def luminance(pixels: Any) -> Any:
    channels = np.asarray(pixels, dtype=float) / 255
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def ground(pixels: Any) -> Any:
    """The most frequent colour."""
    colours, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_counts=True)
    return colours[counts.argmax()]


def contrast(pixels: Any) -> float:
    """Of the ground and of what differs most from it."""
    base, all_of_it = luminance(ground(pixels)), luminance(pixels)
    high, low = np.maximum(all_of_it, base), np.minimum(all_of_it, base)
    return float(((high + 0.05) / (low + 0.05)).max())


def longest(blank: Any) -> int:
    """The longest run of blank rows."""
    ends = np.flatnonzero(np.diff(np.concatenate([[False], blank, [False]]).astype(int)))
    return int((ends[1::2] - ends[::2]).max(initial=0))


def faults(page: Page) -> Iterator[str]:
    """Name everything that looks broken in the window."""
    seen: dict[str, Any] = page.evaluate(SEEN)
    parts: dict[str, Box] = seen["parts"]
    screen = np.asarray(Image.open(io.BytesIO(page.screenshot())).convert("RGB"))
    height, width, _ = screen.shape
    for name, box in parts.items():
        if box[0] < -1 or box[2] > width + 1:
            yield f"{name} sticks out"
    for (name, box), (other, other_box) in combinations(parts.items(), 2):
        if ".bar" not in (name, other) and overlap(box, other_box, 2):
            yield f"{name} lies on {other}"
    article = parts[".prose"]
    column = article[2] - article[0]
    if not (0.85 * width <= column or 560 <= column <= 900):
        yield f"the article is {column:.0f} of {width} pixels wide"
    pieces = seen["words"]
    for words, length, box in pieces:
        if length > 40 and box[2] - box[0] < 0.4 * column:
            yield f"“{words}” is a column of {box[2] - box[0]:.0f} pixels"
    for (words, _, box), (others, _, other_box) in combinations(pieces, 2):
        if overlap(box, other_box, 4):
            yield f"“{words}” lies on “{others}”"
    top, bottom = (round(min(max(edge, parts[".bar"][3]), height)) for edge in (article[1], article[3]))
    shown = screen[top:bottom, round(max(article[0], 0)) : round(article[2])]
    ink = (np.abs(shown.astype(int) - ground(shown).astype(int)) > 24).any(-1)
    if not 0.02 < ink.mean() < 0.7:
        yield f"{ink.mean():.0%} of the article is not ground"
    if longest(~ink.any(1)) > 0.3 * height:
        yield f"{longest(~ink.any(1))} rows of the article are blank"
    for words, _, box in pieces:
        left, upper, right, lower = (round(edge) for edge in box)
        crop = screen[max(upper, round(parts[".bar"][3])) : lower, max(left, 0) : right]
        if crop.shape[0] >= 12 and crop.shape[1] and contrast(crop) < 4:
            yield f"“{words}” has a contrast of {contrast(crop):.1f}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_looks_broken(new_page: NewPage, http_site: str, address: str) -> None:
    page = new_page(f"{http_site}/{address}")
    for (width, height), scheme in product(SCREENS, SCHEMES):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.wait_for_function(f"document.documentElement.dataset.theme === '{scheme}'")
        for place in (0, 0.4):
            page.evaluate("(share) => scrollTo({ top: share * innerHeight, behavior: 'instant' })", 3 * place)
            page.wait_for_timeout(60)
            assert [*faults(page)] == [], f"{width} pixels, {scheme}, at {place}"


@pytest.mark.parametrize(
    ("address", "style", "told"),
    [
        # Once, the rule of the bar's search field was that of the results as well.
        (ADDRESSES[0], ".results { position: relative; display: flex; align-items: center }", "is a column of"),
        (ADDRESSES[1], "main { margin-left: -14rem }", ".contents lies on .prose"),
        (ADDRESSES[2], ".prose h1 { margin-bottom: -3rem }", "lies on “"),
        (ADDRESSES[2], "main * { color: var(--line) !important }", "has a contrast of"),
        (ADDRESSES[2], ".prose h1 { margin-bottom: 60vh }", "rows of the article are blank"),
        (ADDRESSES[2], "@media (prefers-color-scheme: light) { body { width: 1700px } }", "sticks out"),
    ],
    ids=["search", "frame", "overlap", "contrast", "blank", "width"],
)
def test_a_broken_layout_is_seen(new_page: NewPage, http_site: str, address: str, style: str, told: str) -> None:
    page = new_page(f"{http_site}/{address}", width=1440, height=900)
    assert [*faults(page)] == []
    page.add_style_tag(content=style)
    assert [fault for fault in faults(page) if told in fault]
