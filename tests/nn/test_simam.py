"""The module without parameters: it is core's function, saves nothing, and leaves a network's names alone."""

import pickle

import pytest
import torch
from torch import nn

from attnbook.core.simam import simam
from attnbook.nn.simam import SimAM


def network(part: type[nn.Module]) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(1, 2, 3), part(), nn.Conv2d(2, 1, 3))


@pytest.mark.parametrize("shape", [(2, 3, 5, 4), (3, 1, 1), (1, 2, 1, 1)])
@pytest.mark.parametrize("penalty", [1e-4, 0.1, 1, 0])
def test_it_is_the_function_of_core(shape: tuple[int, ...], penalty: float) -> None:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    assert torch.equal(SimAM(penalty)(x), simam(x, penalty=penalty)[0])


def test_it_has_nothing_to_learn_and_nothing_to_save() -> None:
    part = SimAM()
    assert list(part.parameters()) == list(part.buffers()) == []
    assert part.state_dict() == {}
    assert pickle.loads(pickle.dumps(SimAM(0.5))).penalty == 0.5


def test_a_state_dict_fits_with_it_and_without_it() -> None:
    without, with_it = network(nn.Identity), network(SimAM)
    with_it.load_state_dict(without.state_dict())
    without.load_state_dict(with_it.state_dict())
    x = torch.randn(2, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    assert not torch.allclose(with_it(x), without(x))


def test_a_penalty_that_must_be_from_0_up() -> None:
    with pytest.raises(ValueError, match="penalty is -1; it must be a finite number from 0 up"):
        SimAM(-1)
