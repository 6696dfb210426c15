"""The retrieval task: right answers, no giveaways, one rotation for training and testing."""

import numpy as np
import pytest
import scipy.stats

from attnbook.data.hidden_rotation import hidden_rotation


def test_shapes_and_kinds() -> None:
    task = hidden_rotation(7, keys=5, width=3, seed=0)
    assert [array.shape for array in task] == [(7, 1, 3), (7, 5, 3), (7,), (3, 3)]
    assert [str(array.dtype) for array in task] == ["float32", "float32", "int64", "float32"]
    assert task._fields == ("query", "keys", "target", "rotation")


@pytest.mark.parametrize("width", [2, 3, 4, 9])
@pytest.mark.parametrize("seed", range(6))
def test_it_is_a_rotation(width: int, seed: int) -> None:
    R = hidden_rotation(1, width=width, seed=seed).rotation
    np.testing.assert_allclose(R @ R.T, np.eye(width), atol=1e-6)
    assert np.linalg.det(R) == pytest.approx(1.0, abs=1e-5)


def test_the_target_is_the_turned_query_and_nothing_else_is() -> None:
    query, keys, target, R = hidden_rotation(300, seed=1)
    for q, K, t in zip(query, keys, target, strict=True):
        far = np.linalg.norm(K - R @ q[0], axis=-1)
        assert far[t] < 1e-5
        assert np.delete(far, t).min() > 1e-3


def test_the_same_seed_gives_the_same_questions() -> None:
    for one, again in zip(hidden_rotation(20, seed=5), hidden_rotation(20, seed=5), strict=True):
        np.testing.assert_array_equal(one, again)


def test_other_seeds_give_other_questions_and_other_rotations() -> None:
    one, other = hidden_rotation(20, seed=5), hidden_rotation(20, seed=6)
    assert all((a != b).any() for a, b in zip(one, other, strict=True))


def test_the_rotation_depends_on_seed_and_width_alone() -> None:
    expected = hidden_rotation(20, seed=5).rotation
    np.testing.assert_array_equal(hidden_rotation(3, keys=9, seed=5).rotation, expected)


def test_a_test_set_shares_the_rotation_and_no_question() -> None:
    train = hidden_rotation(200, seed=0)
    test = hidden_rotation(100, seed=1, rotation=train.rotation)
    np.testing.assert_array_equal(test.rotation, train.rotation)
    answers = test.keys[np.arange(100), test.target]
    np.testing.assert_allclose(answers, test.query[:, 0] @ train.rotation.T, atol=1e-5)
    seen = {tuple(q) for q in train.query[:, 0].tolist()}
    assert not seen & {tuple(q) for q in test.query[:, 0].tolist()}


def test_giving_the_rotation_back_gives_the_same_task() -> None:
    task = hidden_rotation(20, seed=5)
    for one, again in zip(task, hidden_rotation(20, seed=5, rotation=task.rotation), strict=True):
        np.testing.assert_array_equal(one, again)


def test_the_keys_alone_do_not_give_the_answer_away() -> None:
    _, keys, target, _ = hidden_rotation(5000, seed=2)
    chosen = np.eye(6, dtype=bool)[target]
    lengths = np.linalg.norm(keys, axis=-1)
    assert scipy.stats.ks_2samp(lengths[chosen], lengths[~chosen]).pvalue > 0.001
    assert scipy.stats.kstest(keys[chosen].ravel(), "norm").pvalue > 0.001
    assert scipy.stats.chisquare(np.bincount(target, minlength=6)).pvalue > 0.001


def test_rotations_favour_no_direction() -> None:
    first_columns = np.array([hidden_rotation(1, width=2, seed=seed).rotation[:, 0] for seed in range(800)])
    angles = np.arctan2(first_columns[:, 1], first_columns[:, 0])
    assert scipy.stats.kstest((angles + np.pi) / (2 * np.pi), "uniform").pvalue > 0.001


@pytest.mark.parametrize(
    ("changed", "error", "words"),
    [
        ({"count": 0}, ValueError, "count is 0; it must be at least 1"),
        ({"count": 2.0}, TypeError, "count is 2.0; it must be a whole number"),
        ({"keys": 1}, ValueError, "keys is 1; it must be at least 2"),
        ({"width": 1}, ValueError, "width is 1; it must be at least 2"),
        ({"seed": None}, TypeError, "seed is None"),
        ({"seed": -1}, ValueError, "seed is -1"),
        ({"rotation": [[1.0, 0.0], [0.0, 1.0]]}, TypeError, "rotation is a list; it must be a NumPy array"),
        ({"rotation": np.eye(3)}, ValueError, r"rotation has shape \(3, 3\) but width is 4"),
        ({"rotation": 2 * np.eye(4)}, ValueError, "rotation does not rotate"),
        ({"rotation": np.diag([1.0, 1.0, 1.0, -1.0])}, ValueError, r"determinant \+1"),
    ],
)
def test_wrong_requests_are_refused(changed: dict[str, object], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        hidden_rotation(**{"count": 5, "seed": 0, **changed})  # type: ignore[arg-type]
