"""Maps of pictures: against other people's code, in any kind of array, with slopes."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.core.pictures import pictures as sample_pictures
from torch.autograd import gradcheck

from attnbook import core
from attnbook.core import cognitive, pictures

rng = np.random.default_rng(50)
IMAGE = rng.random((12, 14, 3))
MAPS = rng.random((3, 12, 14))


class Call:
    """A function with inputs that fit it: arrays, which may get batch axes, and options."""

    def __init__(self, name: str, *inputs: np.ndarray, **options: Any) -> None:
        self.name, self.inputs, self.options = name, inputs, options

    def __call__(self, *inputs: Any) -> Any:
        return (getattr(cognitive, self.name, None) or getattr(pictures, self.name))(
            *(inputs or self.inputs), **self.options
        )


CALLS = [
    Call("blur", MAPS, sigma=1.5),
    Call("colour_maps", IMAGE),
    Call("shape_maps", IMAGE, fine=0.8, pool=3.0),
    Call("saliency", IMAGE, centre=1.0, surround=5.0),
    Call("search", MAPS, np.array([1.0, -0.5, 2.0])),
    Call("priority", MAPS[0], MAPS[1] - 0.3, mix=0.4),
    Call("max_pool", MAPS, window=2),
    Call("gate", MAPS, 9 * MAPS - 4),
    Call("fading_memory", MAPS[0], decay=0.7),
]
NAMES = [*(call.name for call in CALLS), "fixations"]
every = pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)


def test_every_function_is_tried_here() -> None:
    assert sorted(NAMES) == sorted([*cognitive.__all__, *pictures.__all__])


# --- other people's code ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [0.7, 2.0, 3.0])
def test_blur_is_scipys_far_from_the_border(sigma: float) -> None:
    maps = rng.random((2, 70, 60))
    theirs = scipy.ndimage.gaussian_filter(maps, sigma, axes=(-2, -1), truncate=9.0, mode="constant")
    inside = (..., slice(27, -27), slice(27, -27))
    np.testing.assert_allclose(pictures.blur(maps, sigma)[inside], theirs[inside], rtol=1e-9)


@pytest.mark.parametrize("sigma", [1.0, 4.0])
def test_blur_at_the_border_is_scipys_renormalised(sigma: float) -> None:
    maps = rng.random((20, 30))

    def cut(array: np.ndarray) -> np.ndarray:
        return scipy.ndimage.gaussian_filter(array, sigma, truncate=40.0, mode="constant", cval=0.0)

    np.testing.assert_allclose(pictures.blur(maps, sigma), cut(maps) / cut(np.ones_like(maps)), rtol=1e-9)


@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_max_pool_is_torchs(window: int) -> None:
    maps = torch.from_numpy(rng.normal(size=(2, 3, 12, 24)))
    assert torch.equal(cognitive.max_pool(maps, window), torch.nn.functional.max_pool2d(maps, window))


def test_gate_and_its_slope_are_torchs_sigmoid() -> None:
    scores = torch.tensor([-800.0, -30.0, -1.0, 0.0, 2.0, 30.0, 800.0], dtype=torch.float64, requires_grad=True)
    values = torch.arange(1.0, 8.0, dtype=torch.float64)
    ours, theirs = cognitive.gate(values, scores), values * torch.sigmoid(scores)
    torch.testing.assert_close(ours, theirs)
    slopes = [torch.autograd.grad(out.sum(), scores, retain_graph=True)[0] for out in (ours, theirs)]
    torch.testing.assert_close(*slopes)


def test_slopes_of_a_picture_are_numpys_gradient_inside() -> None:
    from attnbook.core.pictures import _slope

    for axis in (-2, -1):
        ours, theirs = _slope(MAPS, axis, np), np.gradient(MAPS, axis=axis)
        np.testing.assert_allclose(ours[:, 1:-1, 1:-1], theirs[:, 1:-1, 1:-1])


def test_search_scores_are_dot_products() -> None:
    query = np.array([0.5, -1.0, 2.0])
    keys = np.moveaxis(MAPS, 0, -1).reshape(-1, 3)  # (y · x, f)
    np.testing.assert_allclose(cognitive.search(MAPS, query).ravel(), core.dot(query[None, :], keys)[0])


def test_the_fading_memory_is_a_filter() -> None:
    import scipy.signal

    items = rng.normal(size=(9, 4))
    np.testing.assert_allclose(cognitive.fading_memory(items, 0.6), scipy.signal.lfilter([1], [1, -0.6], items, axis=0))


# --- kinds of arrays --------------------------------------------------------------------------------------------------


@every
def test_torch_computes_what_numpy_computes(call: Call) -> None:
    tensors = [torch.from_numpy(array.copy()) for array in call.inputs]
    result = call(*tensors)
    assert type(result) is torch.Tensor
    np.testing.assert_allclose(result.numpy(), call(), rtol=1e-10, atol=1e-12)
    for tensor, array in zip(tensors, call.inputs, strict=True):
        assert tensor._version == 0
        np.testing.assert_array_equal(tensor.numpy(), array)


@every
def test_single_precision_stays_single(call: Call) -> None:
    small = [array.astype("float32") for array in call.inputs]
    result = call(*small)
    assert type(result) is np.ndarray
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, call(), atol=2e-3)
    assert call(*(torch.from_numpy(array) for array in small)).dtype == torch.float32


@every
def test_a_batch_is_a_loop(call: Call) -> None:
    others = [np.ascontiguousarray(np.flip(array)) for array in call.inputs]
    batch = call(*(np.stack([one, other])[:, None] for one, other in zip(call.inputs, others, strict=True)))
    np.testing.assert_allclose(batch[0, 0], call(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(batch[1, 0], call(*others), rtol=1e-10, atol=1e-12)


@every
def test_read_only_and_strided_arrays_will_do(call: Call) -> None:
    inputs = [np.repeat(array, 2, axis=-1)[..., ::2] for array in call.inputs]
    for array in inputs:
        array.flags.writeable = False
    np.testing.assert_array_equal(call(*inputs), call())


def test_fixations_of_a_tensor_are_a_tensor() -> None:
    for dtype in (torch.float32, torch.float64):
        path = cognitive.fixations(torch.from_numpy(MAPS[0]).to(dtype), 5, radius=2.0)
        assert path.dtype == torch.int64
        np.testing.assert_array_equal(path.numpy(), cognitive.fixations(MAPS[0], 5, radius=2.0))
    leaf = torch.rand(4, 5, requires_grad=True)
    assert not cognitive.fixations(leaf, 2, radius=1.0).requires_grad


def test_fixations_leave_the_map_alone() -> None:
    before = MAPS[0].copy()
    cognitive.fixations(MAPS[0], 5, radius=2.0)
    np.testing.assert_array_equal(MAPS[0], before)


# --- slopes -----------------------------------------------------------------------------------------------------------


@every
def test_gradient(call: Call) -> None:
    small = {"blur": (2, 4, 5), "search": (3, 3, 4), "max_pool": (1, 4, 4), "gate": (2, 3)}
    draws = np.random.default_rng(51)
    if call.inputs[0] is IMAGE:
        inputs = [draws.uniform(0.05, 0.95, size=(5, 6, 3))]
    else:
        shape = small.get(call.name, (4, 5))
        inputs = [draws.uniform(0.1, 2.0, size=shape), *(draws.uniform(-1, 2, size=shape) for _ in call.inputs[1:])]
        if call.name == "search":
            inputs[1] = draws.normal(size=3)
    leaves = [torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in inputs]
    assert gradcheck(lambda *arrays: call(*arrays), leaves, atol=1e-5)


@pytest.mark.parametrize("name", ["colour_maps", "shape_maps", "saliency"])
@pytest.mark.parametrize("kind", ["one colour", "black", "white", "half and half"])
def test_slopes_are_finite_where_the_plain_formula_has_none(name: str, kind: str) -> None:
    image = torch.full((8, 9, 3), {"black": 0.0, "white": 1.0}.get(kind, 0.4), dtype=torch.float64)
    if kind == "half and half":
        image[:, 4:] = 0.7
    image.requires_grad_()
    result = getattr(cognitive, name, None) or getattr(pictures, name)
    result = result(image)
    assert torch.isfinite(result).all()
    result.sum().backward()
    assert torch.isfinite(image.grad).all()


# --- what must hold for any picture -----------------------------------------------------------------------------------

images = st.tuples(st.integers(2, 7), st.integers(2, 7)).flatmap(
    lambda sides: arrays("float64", (*sides, 3), elements=st.floats(0, 1, allow_subnormal=False))
)


@given(image=images, sigma=st.floats(0.05, 60))
def test_a_blur_stays_between_the_least_and_the_greatest(image: np.ndarray, sigma: float) -> None:
    smooth = pictures.blur(image, sigma)
    assert smooth.min() >= image.min() - 1e-12
    assert smooth.max() <= image.max() + 1e-12
    np.testing.assert_allclose(pictures.blur(image + 3, sigma), smooth + 3)
    np.testing.assert_allclose(pictures.blur(np.flip(image), sigma), np.flip(smooth), atol=1e-12)
    np.testing.assert_allclose(pictures.blur(image.mT, sigma), smooth.mT, atol=1e-12)


def test_limits_of_blur_are_the_mean_and_the_map_itself() -> None:
    np.testing.assert_allclose(pictures.blur(MAPS, 1e4), MAPS.mean(axis=(-2, -1), keepdims=True) * np.ones((12, 14)))
    np.testing.assert_array_equal(pictures.blur(MAPS, 0.01), MAPS)


@given(image=images, grey=st.floats(0, 1))
def test_grey_has_no_colour_and_adds_none(image: np.ndarray, grey: float) -> None:
    maps = pictures.colour_maps(image)
    assert maps.min() >= 0
    assert maps.max() <= 1
    np.testing.assert_allclose(pictures.colour_maps(image / 2 + grey / 2), maps / 2, atol=1e-12)
    assert not pictures.colour_maps(np.full((2, 2, 3), grey)).any()
    assert (np.count_nonzero(maps, axis=0) <= 2).all(), "orange is red and yellow; nothing is three colours at once"
    np.testing.assert_array_equal(pictures.colour_maps(image[..., [1, 0, 2]]), maps[[1, 0, 2, 3]])


@given(image=images)
def test_shapes_do_not_depend_on_light_and_dark_or_on_the_colour(image: np.ndarray) -> None:
    maps = pictures.shape_maps(image)
    assert maps.min() >= 0
    assert maps.max() <= 1
    np.testing.assert_allclose(pictures.shape_maps(1 - image), maps, atol=1e-9)
    np.testing.assert_allclose(pictures.shape_maps(image[..., [2, 0, 1]]), maps, atol=1e-9)
    np.testing.assert_allclose(pictures.shape_maps(image[:, ::-1]), maps[..., ::-1], atol=1e-9)
    np.testing.assert_allclose(pictures.shape_maps(image[::-1]), maps[..., ::-1, :], atol=1e-9)
    assert maps.sum(axis=0).max() <= 1, "shapes share what edges there are"
    assert not (maps[1] * maps[2]).any(), "nothing is square and triangular at once"


def test_a_quarter_turn_hides_only_triangles() -> None:
    image, turned = sample_pictures()[2], np.swapaxes(sample_pictures()[2], 0, 1)
    assert pictures.shape_maps(image, pool=4.0)[2].max() > 0.3
    assert pictures.shape_maps(turned, pool=4.0)[2].max() < 0.1
    np.testing.assert_allclose(
        pictures.shape_maps(turned)[:2], np.swapaxes(pictures.shape_maps(image)[:2], -1, -2), atol=1e-9
    )  # fmt: skip


@given(image=images)
def test_saliency_runs_from_0_to_1_and_knows_no_left_and_right(image: np.ndarray) -> None:
    out = cognitive.saliency(image)
    assert out.min() >= 0
    assert out.max() in (0, pytest.approx(1))
    np.testing.assert_allclose(cognitive.saliency(image[::-1, ::-1]), out[::-1, ::-1], atol=1e-6)
    np.testing.assert_allclose(cognitive.saliency(image[..., [1, 0, 2]]), out, atol=1e-6)  # red and green change places


@pytest.mark.parametrize("level", [0.0, 0.1, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rounding_does_not_stand_out(level: float, dtype: str) -> None:
    image = np.full((40, 50, 3), level, dtype=dtype)
    image[..., 0] = 1 - level
    assert not cognitive.saliency(image).any()
    image[20, 25, 0] -= 1 / 255 if image[20, 25, 0] > 0.5 else -1 / 255  # the least that a picture of bytes can show
    assert cognitive.saliency(image)[20, 25] == pytest.approx(1)


@given(
    maps=arrays("float64", (2, 3, 4), elements=st.floats(-50, 50, allow_subnormal=False)),
    mix=st.floats(0, 1),
)
def test_priority_is_a_share_of_the_highest(maps: np.ndarray, mix: float) -> None:
    mixed = cognitive.priority(maps[0], maps[1], mix=mix)
    assert mixed.min() >= 0
    assert mixed.max() <= 1 + 1e-12
    np.testing.assert_allclose(cognitive.priority(4 * maps[0], maps[1] / 8, mix=mix), mixed, atol=1e-12)
    np.testing.assert_allclose(cognitive.priority(maps[1], maps[0], mix=1 - mix), mixed, atol=1e-12)
    np.testing.assert_array_equal(
        cognitive.priority(maps[0], maps[1], mix=0.0), cognitive.priority(maps[0], 0 * maps[1], mix=0.0)
    )


@given(
    heat=arrays("float64", (5, 6), elements=st.floats(0, 1, allow_subnormal=False)),
    count=st.integers(1, 6),
    radius=st.floats(0.5, 8),
)
def test_fewer_fixations_are_the_first_of_more(heat: np.ndarray, count: int, radius: float) -> None:
    path = cognitive.fixations(heat, count + 2, radius=radius)
    np.testing.assert_array_equal(cognitive.fixations(heat, count, radius=radius), path[:count])
    assert len({tuple(place) for place in path.tolist()}) == len(path), "no place is looked at twice"
    assert all(heat[tuple(place)] > 0 for place in path)


def test_a_large_radius_sends_the_eye_far_away() -> None:
    heat = np.full((9, 9), 0.9)
    heat[0, 0] = 1.0
    near, far = (cognitive.fixations(heat, 2, radius=r)[1] for r in (0.1, 50.0))
    assert tuple(near) == (0, 1)
    assert tuple(far) == (8, 8)


@given(
    items=arrays("float64", (6, 2), elements=st.floats(-9, 9, allow_subnormal=False)), decay=st.floats(0, 1)
)  # fmt: skip
def test_a_memory_adds_up_its_items(items: np.ndarray, decay: float) -> None:
    whole = cognitive.fading_memory(items, decay)
    np.testing.assert_allclose(cognitive.fading_memory(items[:4], decay), whole[:4])
    np.testing.assert_allclose(whole[5] - decay * whole[4], items[5], atol=1e-9)
    np.testing.assert_allclose(cognitive.fading_memory(items, 0.0), items)
    np.testing.assert_allclose(cognitive.fading_memory(items, 1.0), np.cumsum(items, axis=0), atol=1e-9)


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
