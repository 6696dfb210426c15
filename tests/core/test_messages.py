"""Wrong input is refused at the edge, in words that say what was given and what to do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from tests.core.samples import NAMES, sample

from attnbook import core
from attnbook.core.alignment import alignment_error_rate


def ones(*shape: int, dtype: str = "float64") -> np.ndarray:
    return np.ones(shape, dtype=dtype)


def call(name: str, query: Any, keys: Any) -> Any:
    """Call a scorer with parameters that fit width 4 and five keys, whatever the query and keys are."""
    return getattr(core, name)(query, keys, **sample(name).parameters)


@pytest.mark.parametrize("name", NAMES)
class TestEveryScorer:
    def test_one_vector_is_not_a_row(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"query is one vector of shape \(4,\); write query\[None, :\]"):
            call(name, ones(4), ones(5, 4))
        with pytest.raises(ValueError, match=r"keys is one vector of shape \(4,\); write keys\[None, :\]"):
            call(name, ones(3, 4), ones(4))

    def test_a_number_is_not_an_array_of_rows(self, name: str) -> None:
        with pytest.raises(ValueError, match="keys is a single number"):
            call(name, ones(3, 4), np.array(1.0))

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ([[1.0, 2.0, 3.0, 4.0]], r"query is a list, not an array: write np\.array\(query, dtype=float\)"),
            (3.0, "query is a float, not an array"),
            (None, "query is a NoneType, not an array"),
            (np.ones((3, 4), dtype="int64"), r"query holds int64 but must hold decimal numbers: write query\.astype"),
            (np.ones((3, 4), dtype="bool"), "query holds bool"),
            (np.ones((3, 4), dtype="complex128"), "query holds complex128"),
            (np.array([["a", "b", "c", "d"]]), "query holds <U1"),
            (torch.ones(3, 4, dtype=torch.int64), r"query holds int64 but .* write query\.to\(torch\.float32\)"),
            (torch.ones(3, 4, dtype=torch.float64), "query is a torch array but keys is a numpy array"),
            (
                np.ones((3, 4), dtype="float32"),
                r"query holds float32 but keys holds float64: .*keys\.astype\('float32'\)",
            ),
        ],
    )
    def test_wrong_kinds(self, name: str, wrong: Any, words: str) -> None:
        with pytest.raises(TypeError, match=words):
            call(name, wrong, ones(5, 4))

    def test_torch_precisions_do_not_mix(self, name: str) -> None:
        with pytest.raises(TypeError, match=r"query holds float32 but keys holds float64.*keys\.to\(torch\.float32\)"):
            call(name, torch.ones(3, 4), torch.ones(5, 4, dtype=torch.float64))

    def test_devices_do_not_mix(self, name: str) -> None:
        with pytest.raises(
            ValueError, match=r"query is on device cpu but keys is on meta: .*keys\.to\(query\.device\)"
        ):
            call(name, torch.ones(3, 4), torch.ones(5, 4, device="meta"))

    def test_no_keys(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"keys has shape \(0, 4\): there are no keys"):
            call(name, ones(3, 4), ones(0, 4))

    def test_vectors_of_width_zero(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"query has shape \(3, 0\): its vectors have width 0"):
            call(name, ones(3, 0), ones(5, 0))

    def test_batch_axes_that_do_not_broadcast(self, name: str) -> None:
        with pytest.raises(ValueError, match=r"query has batch axes \(2,\) but keys has \(3,\)"):
            call(name, ones(2, 3, 4), ones(3, 5, 4))
        with pytest.raises(ValueError, match=r"query has batch axes \(7, 2\) but keys has \(7, 3\)"):
            call(name, ones(7, 2, 3, 4), ones(7, 3, 5, 4))


@pytest.mark.parametrize("name", ["dot", "scaled_dot", "cosine", "negative_distance"])
def test_widths_must_agree(name: str) -> None:
    words = "query has width 3 but keys have width 4: the .* needs the same width; bilinear and additive"
    with pytest.raises(ValueError, match=words):
        call(name, ones(1, 3), ones(5, 4))
    with pytest.raises(ValueError, match="query has width 4 but keys have width 1"):  # would broadcast by accident
        call(name, ones(1, 4), ones(5, 1))


@pytest.mark.parametrize(
    ("name", "changed", "words"),
    [
        (
            "bilinear",
            {"W": ones(2, 4)},
            r"W has shape \(2, 4\) but must have shape \(3, 4\): \(query width, key width\)",
        ),
        ("bilinear", {"W": ones(4, 3)}, r"W has shape \(4, 3\) but must have shape \(3, 4\)"),
        ("bilinear", {"W": ones(1, 3, 4)}, r"W has shape \(1, 3, 4\) but must have shape \(3, 4\)"),
        ("low_rank_bilinear", {"W_q": ones(2, 4)}, r"W_q has shape \(2, 4\) but must have shape \(any, 3\)"),
        (
            "low_rank_bilinear",
            {"W_k": ones(5, 4)},
            r"W_k has shape \(5, 4\) but must have shape \(2, 4\): \(the same rank",
        ),
        ("low_rank_bilinear", {"W_k": ones(1, 4)}, r"W_k has shape \(1, 4\) but must have shape \(2, 4\)"),
        ("additive", {"W_q": ones(7, 4)}, r"W_q has shape \(7, 4\) but must have shape \(any, 3\)"),
        ("additive", {"W_k": ones(1, 4)}, r"W_k has shape \(1, 4\) but must have shape \(7, 4\): \(the same hidden"),
        ("additive", {"W_k": ones(7, 3)}, r"W_k has shape \(7, 3\) but must have shape \(7, 4\)"),
        ("additive", {"v": ones(6)}, r"v has shape \(6,\) but must have shape \(7,\): one number for each hidden unit"),
        ("additive", {"v": ones(1, 7)}, r"v has shape \(1, 7\) but must have shape \(7,\)"),
        ("additive", {"bias": ones(1)}, r"bias has shape \(1,\) but must have shape \(7,\)"),
        ("location", {"W": ones(6, 4)}, r"W has shape \(6, 4\) but must have shape \(any, 3\): one row for each place"),
        ("location", {"W": ones(4, 3)}, "W has 4 rows but there are 5 keys: location-based scoring needs a row"),
    ],
)
def test_parameters_of_a_wrong_shape(name: str, changed: dict[str, np.ndarray], words: str) -> None:
    one = sample(name, widths=(3, 4))
    with pytest.raises(ValueError, match=words):
        one.function(one.query, one.keys, **{**one.parameters, **changed})


@pytest.mark.parametrize("name", ["additive", "bilinear", "low_rank_bilinear", "location"])
def test_parameters_of_a_wrong_kind(name: str) -> None:
    one = sample(name)
    for parameter, W in one.parameters.items():
        for wrong, words in [
            (W.tolist(), f"{parameter} is a list, not an array"),
            (W.astype("int64"), f"{parameter} holds int64"),
            (W.astype("float32"), f"query holds float64 but {parameter} holds float32"),
            (torch.from_numpy(W), f"query is a numpy array but {parameter} is a torch array"),
        ]:
            with pytest.raises(TypeError, match=words):
                one.function(one.query, one.keys, **{**one.parameters, parameter: wrong})


SCORES = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    "function", [core.softmax, lambda scores, **options: core.attend(scores, ones(3, 2), **options)]
)
class TestSoftmaxAndAttend:
    @pytest.mark.parametrize("temperature", [0, 0.0, -1, -0.5, float("nan"), float("inf")])
    def test_temperature_must_be_positive(self, function: Callable[..., Any], temperature: float) -> None:
        with pytest.raises(ValueError, match=f"temperature is {temperature}; it must be a finite number above 0"):
            function(SCORES, temperature=temperature)

    @pytest.mark.parametrize("temperature", [True, "1", None, [1.0], np.array([1.0, 2.0]), 1j])
    def test_temperature_must_be_one_number(self, function: Callable[..., Any], temperature: Any) -> None:
        with pytest.raises(TypeError, match=r"temperature is .* it must be one number above 0"):
            function(SCORES, temperature=temperature)

    @pytest.mark.parametrize(("value", "found"), [(np.nan, "NaN"), (np.inf, "an infinity"), (-np.inf, "an infinity")])
    def test_scores_must_be_finite(self, function: Callable[..., Any], value: float, found: str) -> None:
        strange = SCORES.copy()
        strange[0, 1] = value
        with pytest.raises(ValueError, match=f"scores contain {found}: to exclude a key pass mask="):
            function(strange)
        with pytest.raises(ValueError, match=f"scores contain {found}"):  # allowed, so it is read
            function(strange, mask=np.array([[True, True, False], [True, False, False]]))

    def test_mask_of_another_shape(self, function: Callable[..., Any]) -> None:
        for shape in [(2,), (2, 2), (3, 3), (1, 2, 3), (4, 2, 3)]:
            with pytest.raises(ValueError, match=r"mask has shape \(.*\) but scores have shape \(2, 3\)"):
                function(SCORES, mask=np.ones(shape, dtype=bool))

    @pytest.mark.parametrize("dtype", ["float64", "int64", "uint8"])
    def test_mask_of_numbers(self, function: Callable[..., Any], dtype: str) -> None:
        with pytest.raises(
            TypeError, match=f"mask holds {dtype} but must hold booleans, True where attending is allowed"
        ):
            function(SCORES, mask=np.ones((2, 3), dtype=dtype))

    @pytest.mark.parametrize("wrong", [[True, False, True], torch.ones(2, 3) > 0, True])
    def test_mask_of_another_kind(self, function: Callable[..., Any], wrong: Any) -> None:
        with pytest.raises(TypeError, match=r"mask is a .* it must be a boolean numpy array"):
            function(SCORES, mask=wrong)

    def test_scores_of_a_wrong_kind(self, function: Callable[..., Any]) -> None:
        with pytest.raises(TypeError, match="scores is a list, not an array"):
            function([[1.0, 2.0, 3.0]])
        with pytest.raises(TypeError, match="scores holds int64"):
            function(np.array([[1, 2, 3]]))

    def test_options_are_given_by_name(self, function: Callable[..., Any]) -> None:
        with pytest.raises(TypeError, match="positional"):
            function(SCORES, 2.0) if function is core.softmax else core.attend(SCORES, ones(3, 2), 2.0)


def test_temperature_that_the_precision_cannot_hold() -> None:
    with pytest.raises(ValueError, match=r"temperature is 1e-50, which float32 cannot hold \(it reaches from 1.2e-38"):
        core.softmax(SCORES.astype("float32"), temperature=1e-50)
    with pytest.raises(ValueError, match=r"temperature is 100000\.0, which float16 cannot hold"):
        core.softmax(torch.ones(3, dtype=torch.float16), temperature=1e5)


def test_softmax_needs_a_row_of_scores() -> None:
    with pytest.raises(ValueError, match="scores is a single number"):
        core.softmax(np.array(1.0))
    with pytest.raises(ValueError, match=r"scores has shape \(2, 0\): there are no keys"):
        core.softmax(ones(2, 0))


def test_attend_needs_rows() -> None:
    with pytest.raises(ValueError, match=r"scores is one vector of shape \(3,\); write scores\[None, :\]"):
        core.attend(ones(3), ones(3, 2))
    with pytest.raises(ValueError, match=r"values is one vector of shape \(3,\)"):
        core.attend(SCORES, ones(3))


def test_attend_needs_one_value_for_each_key() -> None:
    with pytest.raises(ValueError, match="scores are for 3 keys but there are 4 values: each key needs exactly one"):
        core.attend(SCORES, ones(4, 2))
    with pytest.raises(ValueError, match="scores are for 3 keys but there are 1 values"):
        core.attend(SCORES, ones(1, 2))


def test_attend_needs_batches_that_broadcast() -> None:
    with pytest.raises(ValueError, match=r"scores has batch axes \(2,\) but values has \(3,\)"):
        core.attend(ones(2, 4, 5), ones(3, 5, 6))


def test_attend_needs_finite_values_of_the_scores_kind() -> None:
    with pytest.raises(ValueError, match="values contain NaN: even with weight 0"):
        core.attend(SCORES, np.full((3, 2), np.nan))
    with pytest.raises(TypeError, match="scores is a numpy array but values is a torch array"):
        core.attend(SCORES, torch.ones(3, 2, dtype=torch.float64))
    with pytest.raises(TypeError, match="scores holds float64 but values holds float32"):
        core.attend(SCORES, ones(3, 2, dtype="float32"))


LINKS = np.eye(3, dtype=bool)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: core.entropy([0.5, 0.5]), TypeError, "weights is a list, not an array"),
        (lambda: core.entropy(np.array([1, 0])), TypeError, "weights holds int64 but must hold decimal numbers"),
        (lambda: core.entropy(np.array(1.0)), ValueError, "weights is a single number"),
        (lambda: core.entropy(np.ones((2, 0))), ValueError, r"weights has shape \(2, 0\): there are no keys"),
        (lambda: core.entropy(np.array([0.5, np.nan])), ValueError, "weights contain NaN: make weights with softmax"),
        (lambda: core.entropy(np.array([1.5, -0.5])), ValueError, "weights contain -0.5: a weight cannot be negative"),
        (lambda: core.entropy(np.array([1.0, 2.0])), ValueError, "weights have a row with sum 3: .* softmax"),
        (lambda: core.entropy(torch.tensor([[1.0, 0.0], [0.4, 0.4]])), ValueError, "a row with sum 0.8"),
        (
            lambda: alignment_error_rate(LINKS.tolist(), LINKS),
            TypeError,
            r"links is a list, not an array: write np\.array\(links, dtype=bool\)",
        ),
        (
            lambda: alignment_error_rate(LINKS.astype(float), LINKS),
            TypeError,
            "links holds float64 but must hold booleans.*weights > 0.5",
        ),
        (lambda: alignment_error_rate(LINKS, LINKS.astype(int)), TypeError, "sure holds int64"),
        (lambda: alignment_error_rate(LINKS[0], LINKS[0]), ValueError, r"links has shape \(3,\); it must be a"),
        (
            lambda: alignment_error_rate(LINKS, LINKS[:2]),
            ValueError,
            r"links has shape \(3, 3\) but sure has shape \(2, 3\)",
        ),
        (
            lambda: alignment_error_rate(LINKS, torch.eye(3) > 0),
            TypeError,
            "links is a numpy array but sure is a torch array",
        ),
        (
            lambda: alignment_error_rate(LINKS, LINKS, LINKS & (np.arange(3) > 0)),
            ValueError,
            r"possible lacks 1 of the 3 sure links: .* pass sure \| possible",
        ),
        (lambda: alignment_error_rate(LINKS & False, LINKS & False), ValueError, "links and sure are empty"),
    ],
)
def test_what_is_no_distribution_or_no_table_of_links_is_refused_in_words(
    call: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        call()
