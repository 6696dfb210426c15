"""What is no picture, no map and no share is refused, in words that say what was given and what to do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from attnbook.core import cognitive, pictures

IMAGE = np.random.default_rng(50).random((12, 14, 3))
MAPS = np.random.default_rng(51).random((3, 12, 14))

ON_PICTURES = [pictures.colour_maps, pictures.shape_maps, cognitive.saliency]
pictured = pytest.mark.parametrize("function", ON_PICTURES, ids=lambda function: function.__name__)


@pictured
@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (
            (8, 9),
            r"image has shape \(8, 9\) but must have shape \(…, y, x, 3\).*; a grey picture becomes one by np.stack",
        ),
        ((8, 9, 4), r"image has shape \(8, 9, 4\) but must have shape \(…, y, x, 3\), red, green and blue last$"),
        ((3, 8, 9), r"if the colours come first, move them: np.moveaxis\(image, -3, -1\)"),
        ((3,), r"image has shape \(3,\)"),
        ((0, 5, 3), r"image has shape \(0, 5, 3\): there is no place in it to look at"),
    ],
)
def test_pictures_of_another_shape(function: Callable[..., Any], shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        function(np.zeros(shape))


@pictured
@pytest.mark.parametrize(
    ("value", "words"),
    [
        (255.0, r"image reaches from 0.5 to 255 but must stay between 0 and 1: divide a picture of bytes by 255"),
        (1.2, r"image reaches from 0.5 to 1.2 but must stay between 0 and 1: np.clip\(image, 0, 1\) cuts off"),
        (-0.1, "image reaches from -0.1 to 0.5 but must stay"),
        (np.nan, r"image contain NaN: a picture holds numbers from 0 \(dark\) to 1 \(light\)"),
        (np.inf, "image contain an infinity"),
    ],
)
def test_pictures_with_other_numbers(function: Callable[..., Any], value: float, words: str) -> None:
    image = np.full((4, 4, 3), 0.5)
    image[1, 2, 0] = value
    with pytest.raises(ValueError, match=words):
        function(image)


@pictured
@pytest.mark.parametrize(
    ("image", "words"),
    [
        (np.zeros((4, 4, 3), dtype="uint8"), r"image holds uint8 but must hold decimal numbers"),
        (
            np.zeros((4, 4, 3), dtype="float16"),
            r"image holds float16 but must hold float32 or float64: write image.astype",
        ),
        (torch.zeros(4, 4, 3, dtype=torch.bfloat16), r"image holds bfloat16 .* write image.to\(torch.float32\)"),
        ([[[0.1, 0.2, 0.3]]], "image is a list, not an array"),
    ],
)
def test_pictures_of_another_kind(function: Callable[..., Any], image: Any, words: str) -> None:
    with pytest.raises(TypeError, match=words):
        function(image)


FLAT = np.ones((4, 6))
WIDTHS: list[Callable[[Any], Any]] = [
    lambda sigma: pictures.blur(FLAT, sigma),
    lambda sigma: pictures.shape_maps(IMAGE, fine=sigma),
    lambda sigma: pictures.shape_maps(IMAGE, pool=sigma),
    lambda sigma: cognitive.saliency(IMAGE, centre=sigma),
    lambda sigma: cognitive.saliency(IMAGE, surround=sigma),
    lambda sigma: cognitive.fixations(FLAT, 2, radius=sigma),
]


@pytest.mark.parametrize("function", WIDTHS)
class TestWidths:
    @pytest.mark.parametrize("sigma", [0, -1.0, 0.001, 1e9, float("inf")])
    def test_a_width_is_positive_and_not_enormous(self, function: Callable[..., Any], sigma: float) -> None:
        with pytest.raises(
            ValueError, match=f"is {sigma}; it must be from 0.01 to 10000: the width of a Gaussian in pixels"
        ):
            function(sigma)

    @pytest.mark.parametrize("sigma", ["2", None, True, [1.0]])
    def test_a_width_is_one_number(self, function: Callable[..., Any], sigma: Any) -> None:
        with pytest.raises(TypeError, match="it must be one number: the width of a Gaussian in pixels"):
            function(sigma)

    def test_a_width_is_not_nan(self, function: Callable[..., Any]) -> None:
        with pytest.raises(ValueError, match="is NaN; it must be a number"):
            function(float("nan"))


def refused(
    words: str, function: Callable[..., Any], *inputs: Any, error: type[Exception] = ValueError, **options: Any
) -> None:
    with pytest.raises(error, match=words):
        function(*inputs, **options)


def test_the_surround_is_wider_than_the_centre() -> None:
    refused(
        "centre is 5.0 and surround is 5.0: the surround must be the wider",
        cognitive.saliency,
        IMAGE,
        centre=5.0,
        surround=5.0,
    )
    refused("the surround must be the wider", cognitive.saliency, IMAGE, centre=20.0)


def test_maps_have_rows_and_columns_of_finite_numbers() -> None:
    for function in (lambda maps: pictures.blur(maps, 1.0), lambda maps: cognitive.max_pool(maps, 2)):
        refused(r"maps has shape \(4,\) but must have shape \(…, y, x\), a number for each place", function, np.ones(4))
        refused(r"maps has shape \(4, 0\): there is no place in it", function, np.ones((4, 0)))
        refused("maps contain NaN: a map holds a finite number for each place", function, np.full((4, 4), np.nan))
        refused("maps holds int64 but must hold decimal", function, np.ones((4, 4), dtype=int), error=TypeError)
        refused("maps holds float16 but must hold float32", function, np.ones((4, 4), dtype="float16"), error=TypeError)


def test_search_needs_a_number_for_each_map() -> None:
    words = r"query has shape \(2,\) but there are 3 maps: it must have shape \(…, 3\), one number for each map"
    refused(words, cognitive.search, MAPS, np.ones(2))
    refused(r"query has shape \(1,\) but there are 3 maps", cognitive.search, MAPS, np.ones(1))
    refused(r"query has shape \(\) but there are 3 maps", cognitive.search, MAPS, np.array(1.0))
    refused(
        r"maps has shape \(4, 6\) but must have shape \(…, f, y, x\): a map for each feature",
        cognitive.search,
        FLAT,
        np.ones(4),
    )
    refused("query contain NaN: a feature that does not matter gets 0", cognitive.search, MAPS, np.full(3, np.nan))
    refused(
        "maps is a numpy array but query is a torch array",
        cognitive.search,
        MAPS,
        torch.ones(3).double(),
        error=TypeError,
    )
    refused(
        "holds float64 but query holds float32", cognitive.search, MAPS, np.ones(3, dtype="float32"), error=TypeError
    )
    refused("batch axes", cognitive.search, np.ones((2, 3, 4, 5)), np.ones((4, 3)))


@pytest.mark.parametrize("mix", [-0.01, 1.01, float("inf")])
def test_mix_is_a_share(mix: float) -> None:
    refused(
        f"mix is {mix}; it must be from 0 to 1: 0 is all bottom-up, 1 all top-down",
        cognitive.priority,
        FLAT,
        FLAT,
        mix=mix,
    )


def test_priority_mixes_maps_of_one_picture() -> None:
    refused("mix is 'half'; it must be one number", cognitive.priority, FLAT, FLAT, mix="half", error=TypeError)
    refused("mix is NaN", cognitive.priority, FLAT, FLAT, mix=float("nan"))
    refused(
        "bottom_up has 4 × 6 places but top_down has 6 × 4: both must be maps of the same",
        cognitive.priority,
        FLAT,
        FLAT.T,
        mix=0,
    )
    refused("bottom_up has 4 × 6 places but top_down has 1 × 6", cognitive.priority, FLAT, FLAT[:1], mix=0)
    refused("top_down contain NaN", cognitive.priority, FLAT, FLAT * np.nan, mix=0)
    refused("batch axes", cognitive.priority, np.ones((2, 4, 6)), np.ones((3, 4, 6)), mix=0)
    refused("is a torch array", cognitive.priority, FLAT, torch.ones(4, 6).double(), mix=0, error=TypeError)


def test_fixations_need_one_map_without_numbers_below_0() -> None:
    refused(
        r"priority has shape \(2, 4, 6\) but must have shape \(y, x\): one map at a time",
        cognitive.fixations,
        np.ones((2, 4, 6)),
        1,
        radius=1,
    )
    refused(
        r"priority has numbers below 0: priority\(…, mix=1\) brings any map", cognitive.fixations, -FLAT, 1, radius=1.0
    )
    refused("count is 0; it must be at least 1: how many places to look at", cognitive.fixations, FLAT, 0, radius=1.0)
    refused("count is 2.0; it must be a whole number", cognitive.fixations, FLAT, 2.0, radius=1.0, error=TypeError)
    refused("count is True", cognitive.fixations, FLAT, True, radius=1.0, error=TypeError)
    refused("priority contain an infinity", cognitive.fixations, FLAT * np.inf, 1, radius=1.0)


def test_windows_must_divide_the_map() -> None:
    refused("windows of 3 do not divide 4 × 6 places: the sizes that do are 1, 2$", cognitive.max_pool, FLAT, 3)
    refused("windows of 4 do not divide 4 × 6 places", cognitive.max_pool, FLAT, 4)  # the rows they do
    refused("window is 0; it must be at least 1", cognitive.max_pool, FLAT, 0)
    refused("window is 2.0; it must be a whole number", cognitive.max_pool, FLAT, 2.0, error=TypeError)


def test_a_gate_needs_a_score_for_each_value() -> None:
    words = r"scores have shape \(5,\) but values have shape \(4, 6\): counted from the right, each axis"
    refused(words, cognitive.gate, FLAT, np.ones(5))
    refused("scores have shape", cognitive.gate, np.ones(6), FLAT)
    refused(
        "scores contain an infinity: to shut a gate give it a score far below 0", cognitive.gate, FLAT, -np.inf * FLAT
    )
    refused("values contain NaN: even a shut gate", cognitive.gate, FLAT * np.nan, FLAT)
    refused("values is a list", cognitive.gate, [1.0], np.ones(1), error=TypeError)


def test_a_memory_needs_items_and_a_share() -> None:
    refused(
        "decay is 1.5; it must be from 0 to 1: the share of the memory that is left", cognitive.fading_memory, FLAT, 1.5
    )
    refused("decay is -0.1; it must be from 0 to 1", cognitive.fading_memory, FLAT, -0.1)
    refused("decay is None; it must be one number", cognitive.fading_memory, FLAT, None, error=TypeError)
    refused(r"items is one vector of shape \(6,\); write items\[None, :\]", cognitive.fading_memory, np.ones(6), 0.5)
    refused(r"items has shape \(0, 6\): there is nothing to remember", cognitive.fading_memory, np.ones((0, 6)), 0.5)
    refused("items contain NaN: they would stay in the memory", cognitive.fading_memory, FLAT * np.nan, 0.5)


def test_whole_numbers_are_numbers_too() -> None:
    np.testing.assert_array_equal(pictures.blur(FLAT, 2), pictures.blur(FLAT, 2.0))
    np.testing.assert_array_equal(cognitive.priority(FLAT, FLAT, mix=1), cognitive.priority(FLAT, FLAT, mix=1.0))
    np.testing.assert_array_equal(cognitive.fading_memory(FLAT, np.float64(0.5)), cognitive.fading_memory(FLAT, 0.5))
