"""Wrong sizes are refused when a module is made, wrong input when it is called, in words."""

from collections.abc import Callable

import pytest
import torch

from attnbook.nn.alignment import Translator
from attnbook.nn.scoring import Additive, Bilinear, Location, LowRankBilinear


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Additive(0, 3, 8), ValueError, "query_width is 0; it must be at least 1"),
        (lambda: Additive(4, 3, -1), ValueError, "hidden is -1"),
        (lambda: Bilinear(4, 3.0), TypeError, "key_width is 3.0; it must be a whole number"),  # type: ignore[arg-type]
        (lambda: LowRankBilinear(4, 3, True), TypeError, "rank is True"),
        (lambda: Location(4, 0), ValueError, "places is 0"),
        (lambda: Bilinear(4, 3)(torch.ones(1, 3), torch.ones(6, 3)), ValueError, r"W has shape \(4, 3\) but must"),
        (lambda: Location(4, 5)(torch.ones(1, 4), torch.ones(6, 3)), ValueError, "W has 5 rows but there are 6 keys"),
    ],
)
def test_wrong_sizes_are_refused_in_words(make: Callable[[], object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        make()


def translator(**changed: object) -> Translator:
    return Translator(**{"source_words": 9, "target_words": 7, "width": 4, "attention": True, **changed})


SOURCE, TARGET_IN = torch.tensor([[3, 4, 0], [8, 3, 5]]), torch.tensor([[1, 6], [1, 3]])


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: translator(width=0), ValueError, "width is 0; it must be at least 1"),
        (lambda: translator(width=5), ValueError, "width is 5; it must be even, one half for each direction"),
        (lambda: translator(source_words=2.0), TypeError, "source_words is 2.0; it must be a whole number"),
        (lambda: translator(attention=1), TypeError, "attention is 1; it must be True or False"),
        (lambda: translator()([[3, 4]], TARGET_IN), TypeError, r"source is a list; .* torch\.as_tensor\(source\)"),
        (lambda: translator()(SOURCE.int(), TARGET_IN), TypeError, r"source holds torch\.int32; .* source\.long\(\)"),
        (lambda: translator()(SOURCE, TARGET_IN.float()), TypeError, r"target_in holds torch\.float32"),
        (
            lambda: translator()(SOURCE[0], TARGET_IN),
            ValueError,
            r"source has shape \(3,\); .* such as source\[None, :\]",
        ),
        (lambda: translator()(SOURCE[:, :0], TARGET_IN), ValueError, r"source has shape \(2, 0\)"),
        (lambda: translator()(SOURCE, TARGET_IN[:1]), ValueError, "target_in has 1 rows but source has 2"),
        (
            lambda: translator()(SOURCE + 1, TARGET_IN),
            ValueError,
            "source holds word 9, but the model knows words 0 to 8",
        ),
        (lambda: translator()(SOURCE, TARGET_IN - 2), ValueError, "target_in holds word -1, but the model knows"),
        (lambda: translator()(SOURCE * (SOURCE == 5), TARGET_IN), ValueError, "sentence 0 of source is empty"),
        (
            lambda: translator()(SOURCE.flip(1), TARGET_IN),
            ValueError,
            r"sentence 0 of source has padding \(0\) before a",
        ),
        (lambda: translator().translate(SOURCE, start=1, end=2, most=0), ValueError, "most is 0"),
        (lambda: translator().translate(SOURCE, start=7, end=2), ValueError, "start is 7, but the model knows target"),
        (
            lambda: translator().translate(SOURCE, start=1, end=7),
            ValueError,
            "end is 7, but the model knows target words 0 to 6",
        ),
    ],
)
def test_wrong_translations_are_refused_in_words(
    make: Callable[[], object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        make()
