"""The running example is what the chapters say it is."""

import numpy as np

from attnbook import core
from attnbook.data.six_vectors import six_vectors


def test_shapes_and_names() -> None:
    query, keys, values, names = six_vectors()
    assert (query.shape, keys.shape, values.shape) == ((1, 2), (6, 2), (6, 2))
    assert names == ("a", "b", "c", "d", "e", "f")
    assert query.dtype == keys.dtype == values.dtype == np.float64


def test_coordinates_are_easy_to_say() -> None:
    for array in six_vectors()[:3]:
        np.testing.assert_array_equal(array, array.round(1))
        assert np.abs(array).max() <= 2


def test_no_two_keys_or_values_are_alike() -> None:
    _, keys, values, _ = six_vectors()
    for array in (keys, values):
        assert len({tuple(row) for row in array.tolist()}) == 6


def test_three_scorers_choose_three_winners() -> None:
    query, keys, _, names = six_vectors()

    def winner(scores: np.ndarray) -> str:
        best, second = np.sort(scores[0])[::-1][:2]
        assert best - second > 0.04  # the picture shows it, and rounding does not decide
        return names[int(scores.argmax())]

    assert winner(core.dot(query, keys)) == "b"
    assert winner(core.scaled_dot(query, keys)) == "b"
    assert winner(core.cosine(query, keys)) == "a"
    assert winner(core.negative_distance(query, keys)) == "c"


def test_what_the_docstring_says_of_the_keys() -> None:
    query, keys, _, _ = six_vectors()
    lengths = np.linalg.norm(keys, axis=-1)
    angles = np.degrees(np.arccos(core.cosine(query, keys)[0]))
    assert lengths.argmin() == 0
    assert lengths.argmax() == 1
    assert angles[0] < 2
    assert round(float(angles[1])) == 51
    assert 60 < angles[3] < 90
    assert (angles[4:] > 90).all()


def test_everyone_gets_a_copy_of_their_own() -> None:
    six_vectors().keys[:] = 0
    assert six_vectors().keys.any()
