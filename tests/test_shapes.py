"""The shapes in the signatures are true: the tests of values run again with every annotation checked at run time."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHECKED = "attnbook.core,attnbook.nn,attnbook.data,beartype.beartype"
TESTS = [
    "tests/core/test_alignment.py",
    "tests/core/test_cognitive.py",
    "tests/core/test_oracles.py",
    "tests/core/test_scoring.py",
    "tests/data/test_six_vectors.py",
    "tests/core/test_soft_hard.py",
    "tests/core/test_key_value.py",
    "tests/data/test_facts.py",
    "tests/nn/test_alignment.py",
    "tests/nn/test_key_value.py",
    "tests/nn/test_scoring.py",
    "tests/nn/test_soft_hard.py",
]

# What these ask for words of is refused by the annotations already, in words of their own.
REFUSALS = ("needs", "must", "wrong", "another", "refused", "broadcast", "one_number", "positive", "whole_numbers")
REFUSALS += ("temperatures_of_any_kind", "not_an_array", "not_a_row", "width_zero", "mask_of_numbers")
REFUSALS += ("numbers_below_0", "finite_numbers", "mixes_maps")

ALIVE = """
from jaxtyping import TypeCheckError, install_import_hook
with install_import_hook(["attnbook.core", "attnbook.nn", "attnbook.data"], "beartype.beartype"):
    from attnbook import core
    from attnbook.data.hidden_rotation import hidden_rotation
    from attnbook.nn.scoring import Bilinear
import numpy as np
import torch

def refused(call):
    try:
        call()
    except TypeCheckError:
        return True
    except Exception as error:
        raise SystemExit(f"{type(error).__name__} instead of a TypeCheckError: {error}")
    return False

ones = np.ones
assert not refused(lambda: core.dot(ones((2, 1, 3, 4)), ones((5, 6, 4))))
assert refused(lambda: core.dot(ones((3, 4)), ones((6, 5))))
assert refused(lambda: core.dot(ones((3, 4)), ones((6, 4), dtype=int)))
assert refused(lambda: core.bilinear(ones((3, 4)), ones((6, 5)), ones((5, 4))))
assert refused(lambda: core.low_rank_bilinear(ones((3, 4)), ones((6, 5)), ones((2, 4)), ones((3, 5))))
assert refused(lambda: core.additive(ones((3, 4)), ones((6, 5)), ones((7, 4)), ones((7, 5)), ones(8)))
assert refused(lambda: core.location(ones((3, 4)), ones((6, 5)), ones((6, 5))))
assert refused(lambda: core.attend(ones((3, 6)), ones((5, 2))))
assert refused(lambda: core.softmax(ones(3), mask=ones(3)))
assert refused(lambda: Bilinear(4, 3)(torch.ones(4), torch.ones(2, 3)))
assert refused(lambda: hidden_rotation(3, seed=0, rotation=ones((4, 3))))
core.scoring._distances = lambda points, others: others  # makes the result have another shape than it says
assert refused(lambda: core.negative_distance(ones((3, 4)), ones((6, 4))))
"""


def test_values_come_out_in_the_shapes_that_the_signatures_say() -> None:
    values = f"not ({' or '.join(REFUSALS)})"
    plugins = [f"--jaxtyping-packages={CHECKED}", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", *plugins, "-k", values, *TESTS]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stdout + finished.stderr


def test_the_check_refuses_other_shapes() -> None:
    finished = subprocess.run([sys.executable, "-c", ALIVE], capture_output=True, encoding="utf-8", check=False)
    assert finished.returncode == 0, finished.stderr
