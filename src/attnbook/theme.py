"""The book's colours, defined once: the figures and the explorers take them from here.

Colour-blind readers too can tell query, key and value apart, every colour of text reads on its paper, and the
lightness of each map runs in equal steps. The tests measure all three.
"""

from typing import Final

__all__ = ["DARK", "DIVERGING", "DIVERGING_DARK", "LIGHT", "SEQUENTIAL", "SEQUENTIAL_DARK"]

LIGHT: Final[dict[str, str]] = {
    "ink": "#1c2733",  # text and axes
    "paper": "#ffffff",  # what they stand on
    "muted": "#5b6876",  # text that steps back
    "grid": "#d9dfe5",  # lines that step further back
    "accent": "#2562a2",  # what can be moved or clicked; a plain line or bar
    "query": "#c8374f",
    "key": "#00798c",
    "value": "#6a3fb0",
    "good": "#00724a",
    "bad": "#b3261e",
}

DARK: Final[dict[str, str]] = {
    "ink": "#e6ebf0",
    "paper": "#14191f",
    "muted": "#9aa7b4",
    "grid": "#36414c",
    "accent": "#84b1df",
    "query": "#ff8c7a",
    "key": "#45bccb",
    "value": "#9d7bee",
    "good": "#5fc98a",
    "bad": "#ff8a80",
}

# Weights: from the paper (0) to deep blue (1).
SEQUENTIAL: Final[tuple[str, ...]] = (
    "#ffffff",
    "#d5e5f5",
    "#accbe9",
    "#84b1df",
    "#5c96d4",
    "#3c7cbe",
    "#2562a2",
    "#134887",
    "#0b2f6b",
)
SEQUENTIAL_DARK: Final[tuple[str, ...]] = (
    "#14191f",
    "#172f4d",
    "#1d4677",
    "#2a5f9b",
    "#3b7abd",
    "#5696da",
    "#7fb3e9",
    "#abcff3",
    "#d9eafb",
)

# Scores: blue below zero, the paper at zero, rust above.
DIVERGING: Final[tuple[str, ...]] = (
    "#1f3580",
    "#395baa",
    "#5e82d0",
    "#90ace1",
    "#c6d6f2",
    "#ffffff",
    "#f9caa7",
    "#e69667",
    "#c96531",
    "#9c400c",
    "#672508",
)
DIVERGING_DARK: Final[tuple[str, ...]] = (
    "#c8d7fa",
    "#8cacf0",
    "#6082ca",
    "#3d5a9c",
    "#213669",
    "#14191f",
    "#562c16",
    "#904518",
    "#c5662f",
    "#ed9361",
    "#ffcba7",
)
