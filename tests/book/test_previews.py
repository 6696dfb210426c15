"""What a link to a page shows elsewhere: its own words, its own picture, one address."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from PIL import Image

import build

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 60_000


def of(page: Path) -> dict[str, str]:
    """The properties of a page's head, by name."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = {str(tag["property"]): str(tag["content"]) for tag in soup.select("meta[property]")}
    return found | {"canonical": str(soup.select_one("link[rel=canonical]")["href"])}  # type: ignore[index]


def test_every_page_has_its_words_its_address_and_a_picture(site: Path) -> None:
    addresses, pictures = set(), {}
    for name in build.pages():
        shown = of(site / f"{name}.html")
        assert shown["og:title"]
        assert shown["og:description"]
        assert shown["canonical"] == shown["og:url"]
        root = shown["canonical"].removesuffix(f"{name}.html")
        assert root.startswith("https://")
        assert root.endswith("/")
        addresses.add(root)
        path = site / shown["og:image"].removeprefix(root)
        pictures[name] = path.name
        assert path.stat().st_size <= MOST_BYTES
        with Image.open(path) as picture:
            assert picture.format == "PNG"
            assert picture.size == (1200, 630)
            assert len(picture.convert("RGB").getcolors(1 << 24) or []) > 20  # something is drawn
        assert shown["og:image:alt"]
    assert len(addresses) == 1
    for name, picture in pictures.items():
        explorer = 'class="explorer' in (site / f"{name}.html").read_text(encoding="utf-8")
        assert picture == (f"{Path(name).name}.png" if explorer else "index.png"), "a page shows its own explorer"
    entrance = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert entrance.select_one("link[rel=canonical]")["href"] == f"{addresses.pop()}book/index.html"  # type: ignore[index]


SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 352" width="680" height="352" font-size="13">'
    '<path fill="#ffffff" d="M0 0H680V352H0z"/><g transform="translate(100 50) scale(10)">{}</g></svg>'
)


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Image.Image:
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    sys.modules.pop("previews", None)
    import previews

    parts = (
        '<path fill="#ff0000" d="M0 0h10v10h-10z"/><circle fill="#0000ff" cx="30" cy="5" r="5"/>'
        '<svg width="10" height="10" viewBox="0 0 100 100"><path fill="#00ff00" d="M0 0H50V50H0z"/></svg>'
        '<path transform="translate(50 10) rotate(90)" fill="#00ffff" d="M0 0h5v1h-5z"/><path d=""/>'
    )
    previews.draw(SVG.format(parts), tmp_path / "one.png")
    previews.draw(SVG.format(parts), tmp_path / "two.png")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()
    with pytest.raises(ValueError, match="<ellipse>"):
        previews.draw(SVG.format("<ellipse/>"), tmp_path / "none.png")
    with pytest.raises(ValueError, match="'C'"):
        previews.draw(SVG.format('<path d="M0 0C1 1 2 2 3 3"/>'), tmp_path / "none.png")
    return Image.open(tmp_path / "one.png").convert("RGB")


@pytest.mark.parametrize(
    ("x", "y", "colour"),
    [
        (180, 130, (255, 0, 0)),
        (125, 75, (0, 255, 0)),  # the small picture lies on the square
        (400, 100, (0, 0, 255)),
        (340, 60, (255, 255, 255)),  # a corner of the circle's box
        (595, 175, (0, 255, 255)),  # turned, as the clock goes
        (600, 300, (255, 255, 255)),
    ],
)
def test_a_preview_is_the_still_picture(drawn: Image.Image, x: int, y: int, colour: tuple[int, int, int]) -> None:
    scale = 1200 / 680
    top = (630 - 352 * scale) / 2
    assert drawn.getpixel((round(x * scale), round(top + y * scale))) == colour
