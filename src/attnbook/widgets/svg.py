"""What still pictures are made of: SVG in plain Python, for where an explorer cannot move.

Every part is a string of SVG in the colours of the light theme. No part has an id, so that any number of pictures can
share a page; no number depends on the machine, so that two builds write the same bytes.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from xml.sax.saxutils import escape

import numpy as np
from jaxtyping import Float64, Int64

from attnbook.theme import DIVERGING, LIGHT, SEQUENTIAL

__all__ = [
    "SIDE",
    "badge",
    "column",
    "decimal",
    "diamond",
    "disc",
    "field",
    "heat",
    "line",
    "line_bar",
    "matrix",
    "note",
    "percent",
    "picture",
    "plane",
    "polygon",
    "shaft",
    "signed",
    "signed_bar",
    "text",
    "weight_bar",
    "weights",
    "winner",
]

SIDE = 320
"""A plane's side, in units of the picture."""
CELLS = 32
BANDS = 13  # an odd number, so that one band stands around zero
BAR = 11


def decimal(value: float, digits: int = 2) -> str:
    """Write a number with a true minus sign, and zero without one.

    >>> decimal(-0.5), decimal(-0.001)
    ('−0.50', '0.00')
    """
    written = f"{value:.{digits}f}"
    return written.replace("-", "" if float(written) == 0 else "−")


def signed(value: float) -> str:
    """Write a number with its sign, and zero without one.

    >>> signed(0.5), signed(-0.5), signed(0.001)
    ('+0.50', '−0.50', '0.00')
    """
    written = decimal(value)
    return written if written.startswith("−") or float(written) == 0 else f"+{written}"


def percent(share: float) -> str:
    """Write a share of one as a whole percentage.

    >>> percent(0.333)
    '33 %'
    """
    return f"{100 * share:.0f} %"


def winner(weights: Float64[np.ndarray, "k"]) -> int | None:
    """Return the key with the largest weight, if no other has as much.

    >>> winner(np.array([0.2, 0.5, 0.3])), winner(np.array([0.5, 0.5])), winner(np.zeros(2))
    (1, None, None)
    """
    most = np.flatnonzero(weights.max() - weights < 1e-9)
    return int(most[0]) if len(most) == 1 else None


def picture(width: int, height: int, *, title: str, alt: str, parts: Sequence[str], kind: str = "") -> str:
    """Return a whole picture that names and describes itself; the style sheet may look for its kind."""
    named = f' data-kind="{kind}"' * bool(kind)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img"{named} font-family="system-ui, sans-serif" font-size="13" fill="{LIGHT["ink"]}">'
        f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
        f'<path fill="{LIGHT["paper"]}" d="M0 0H{width}V{height}H0z"/>{"".join(parts)}</svg>'
    )


def text(x: float, y: float, words: str, *, bold: bool = False, end: bool = False) -> str:
    """Return words that begin, or end, at a point."""
    style = ' font-weight="700"' * bold + ' text-anchor="end"' * end
    return f'<text x="{x:g}" y="{y:g}"{style}>{escape(words)}</text>'


def note(x: float, y: float, words: str) -> str:
    """Return words that step back."""
    return f'<text x="{x:g}" y="{y:g}" fill="{LIGHT["muted"]}">{escape(words)}</text>'


# --- the plane ------------------------------------------------------------------------------------------------------


def plane(reach: float) -> tuple[Float64[np.ndarray, "n 2"], str]:
    """Return the points at which `field` wants its numbers, row by row from above, and the plane's frame and axes."""
    middles = (np.arange(CELLS) + 0.5) * 2 * reach / CELLS - reach
    x, y = np.meshgrid(middles, -middles)
    half = SIDE // 2
    axes = (
        f'<path fill="none" stroke="{LIGHT["ink"]}" stroke-opacity=".35" '
        f'd="M0 0H{SIDE}V{SIDE}H0zM{half} 0V{SIDE}M0 {half}H{SIDE}"/>'
    )
    return np.stack([x.ravel(), y.ravel()], axis=-1), axes


def field(values: Float64[np.ndarray, "n"]) -> str:
    """Return the numbers at a plane's points in bands of equal colour: a path for each band, made of runs of cells."""
    limit = float(np.abs(values).max()) or 1.0
    bands = np.rint((values / limit + 1) / 2 * (BANDS - 1)).astype(int).reshape(CELLS, CELLS)
    paths = [f'<path fill="{_blend(DIVERGING, band / (BANDS - 1))}" d="{runs}"/>' for band, runs in _runs(bands)]
    return f'<g transform="scale({SIDE / CELLS:.5g})" shape-rendering="crispEdges">{"".join(paths)}</g>'


def heat(
    weights: Float64[np.ndarray, "y x"], *, opacity: Callable[[float], float], stops: Sequence[str] = SEQUENTIAL
) -> str:
    """Return weights from 0 to 1 as a veil of colour; `opacity` says how much a weight covers of what lies below."""
    cells = weights.reshape(2 * CELLS, len(weights) // CELLS // 2, 2 * CELLS, -1).mean(axis=(1, 3))
    bands = [(band / (BANDS - 1), runs) for band, runs in _runs(np.rint(cells * (BANDS - 1)).astype(int))]
    paths = [
        f'<path fill="{_blend(stops, share)}" fill-opacity="{opacity(share):.2f}" d="{runs}"/>'
        for share, runs in bands
        if opacity(share) > 0
    ]
    return f'<g transform="scale({SIDE / CELLS / 2:.5g})" shape-rendering="crispEdges">{"".join(paths)}</g>'


def weights(square: Float64[np.ndarray, "n n"], side: float, scale: Sequence[str] = SEQUENTIAL) -> str:
    """Return a square of weights from 0 to 1, row by row from the top, in bands of equal colour, with its frame."""
    bands = _runs(np.rint(square * (BANDS - 1)).astype(int))
    paths = [f'<path fill="{_blend(scale, band / (BANDS - 1))}" d="{runs}"/>' for band, runs in bands if band]
    return (
        f'<g transform="scale({side / max(1, len(square)):.5g})" shape-rendering="crispEdges">{"".join(paths)}</g>'
        f'<path fill="none" stroke="{LIGHT["grid"]}" d="M0 0h{side:g}v{side:g}h-{side:g}z"/>'
    )


def _runs(bands: Int64[np.ndarray, "y x"]) -> list[tuple[int, str]]:
    """Return each band with a path of the runs of cells that belong to it."""
    runs: dict[int, list[str]] = {}
    for row, cells in enumerate(bands.tolist()):
        column = 0
        for band, run in groupby(cells):
            length = len(list(run))
            runs.setdefault(band, []).append(f"M{column} {row}h{length}v1h-{length}z")
            column += length
    return [(band, "".join(parts)) for band, parts in sorted(runs.items())]


def shaft(end: Sequence[float], reach: float, *, colour: str, thickness: float) -> str:
    """Return a vector's line from the origin."""
    x, y = _at(end, reach)
    half = SIDE // 2
    return f'<path stroke="{colour}" stroke-width="{thickness:.1f}" d="M{half} {half}L{x:.1f} {y:.1f}"/>'


def line(start: Sequence[float], end: Sequence[float], reach: float, *, colour: str, thickness: float) -> str:
    """Return a line between two points."""
    (x, y), (u, v) = _at(start, reach), _at(end, reach)
    return f'<path stroke="{colour}" stroke-width="{thickness:.1f}" d="M{x:.1f} {y:.1f}L{u:.1f} {v:.1f}"/>'


def polygon(corners: Sequence[Sequence[float]], reach: float, *, colour: str) -> str:
    """Return a region, lightly filled."""
    if not corners:
        return ""
    points = "L".join(f"{x:.1f} {y:.1f}" for x, y in (_at(corner, reach) for corner in corners))
    return f'<path fill="{colour}" fill-opacity=".12" stroke="{colour}" stroke-dasharray="4 3" d="M{points}z"/>'


def disc(at: Sequence[float], reach: float, *, name: str, colour: str) -> str:
    """Return a vector's end, with its name."""
    return badge(*_at(at, reach), name=name, colour=colour)


def badge(x: float, y: float, *, name: str, colour: str) -> str:
    """Return a disc with a name on it, anywhere in the picture."""
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="{colour}" stroke="{LIGHT["paper"]}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-weight="600" font-size="12" '
        f'fill="{LIGHT["paper"]}">{escape(name)}</text>'
    )


def diamond(at: Sequence[float], reach: float) -> str:
    """Return the mark of a weighted mean."""
    x, y = _at(at, reach)
    return (
        f'<path fill="{LIGHT["paper"]}" stroke="{LIGHT["ink"]}" stroke-width="1.5" '
        f'd="M{x:.1f} {y - 6:.1f}l6 6-6 6-6-6z"/>'
    )


def _at(point: Sequence[float], reach: float) -> tuple[float, float]:
    return (point[0] + reach) / (2 * reach) * SIDE, (reach - point[1]) / (2 * reach) * SIDE


# --- bars -----------------------------------------------------------------------------------------------------------


def signed_bar(x: float, y: float, share: float, *, width: float) -> str:
    """Return a bar from the middle of `width` to the right, or to the left where the share is negative."""
    long = abs(share) * width / 2
    middle = x + width / 2
    start = middle if share > 0 else middle - long
    colour = DIVERGING[-3] if share > 0 else DIVERGING[2]
    return (
        f'<path fill="{colour}" d="M{start:.1f} {y:g}h{long:.1f}v{BAR}h-{long:.1f}z"/>'
        f'<path stroke="{LIGHT["muted"]}" d="M{middle:g} {y - 2:g}v{BAR + 4}"/>'
    )


def weight_bar(x: float, y: float, share: float, *, width: float) -> str:
    """Return a bar from zero."""
    return f'<path fill="{LIGHT["accent"]}" d="M{x:g} {y:g}h{width * share:.1f}v{BAR}H{x:g}z"/>'


def line_bar(x: float, y: float, share: float, *, width: float) -> str:
    """Return a thin bar from zero, for a weight to compare with."""
    return f'<path fill="{LIGHT["ink"]}" d="M{x:g} {y:g}h{width * share:.1f}v3H{x:g}z"/>'


def column(x: float, y: float, share: float, *, height: float) -> str:
    """Return a bar that stands on a line."""
    high = max(1.0, share * height)
    return f'<path fill="{LIGHT["accent"]}" d="M{x:g} {y:g}v-{high:.1f}h20v{high:.1f}z"/>'


# --- a table of weights --------------------------------------------------------------------------------------------


def matrix(
    weights: Float64[np.ndarray, "t s"],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    outlined: Sequence[Sequence[int]] | None,
    bold: int,
) -> str:
    """Return weights as squares of colour, with words for the rows, one of them bold, and for the columns."""
    left, top = 90, 80
    unit = min((SIDE - left) / len(columns), (SIDE - top - 20) / len(rows), 28.0)
    cells, frames = [], []
    for i, row in enumerate(weights.tolist()):
        for j, weight in enumerate(row):
            square = f"M{left + j * unit:.1f} {top + i * unit:.1f}h{unit:.1f}v{unit:.1f}h-{unit:.1f}z"
            if weight >= 0.005:
                cells.append(f'<path fill="{_blend(SEQUENTIAL, weight)}" d="{square}"/>')
            if outlined and outlined[i][j]:
                frames.append(square)
    wide, high = unit * len(columns), unit * len(rows)
    size = f'font-size="{min(13.0, 0.8 * unit):.1f}"'
    strong = ' font-weight="700"'
    side = "".join(
        f'<text x="{left - 6}" y="{top + (i + 0.7) * unit:.1f}" text-anchor="end" {size}{strong * (i == bold)}>'
        f"{escape(word)}</text>"
        for i, word in enumerate(rows)
    )
    above = "".join(
        f'<text transform="translate({left + (j + 0.7) * unit:.1f} {top - 6}) rotate(-60)" {size}>{escape(word)}</text>'
        for j, word in enumerate(columns)
    )
    return (
        f"{side}{above}{''.join(cells)}{note(left, top + high + 18, 'outlined: the gold alignment') if frames else ''}"
        f'<path fill="none" stroke="{LIGHT["grid"]}" d="M{left} {top}h{wide:.1f}v{high:.1f}h-{wide:.1f}z"/>'
        f'<path fill="none" stroke="{LIGHT["paper"]}" stroke-width="4" d="{"".join(frames)}"/>'
        f'<path fill="none" stroke="{LIGHT["ink"]}" stroke-width="1.5" d="{"".join(frames)}"/>'
    )


def _blend(stops: Sequence[str], share: float) -> str:
    """Return the colour at a share of the way along evenly spaced stops."""
    at = share * (len(stops) - 1)
    low = min(int(at), len(stops) - 2)
    pairs = [[int(stop[i : i + 2], 16) for i in (1, 3, 5)] for stop in stops[low : low + 2]]
    return "#" + "".join(f"{round(a + (at - low) * (b - a)):02x}" for a, b in zip(*pairs, strict=True))
