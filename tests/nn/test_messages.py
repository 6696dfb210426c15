"""Wrong sizes are refused when a module is made, wrong input when it is called, in words."""

from collections.abc import Callable

import pytest
import torch

from attnbook.nn import Additive, Bilinear, Location, LowRankBilinear


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
