"""The torch modules: their parameters, their agreement with core, and that they learn."""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from attnbook import core
from attnbook.data.hidden_rotation import hidden_rotation
from attnbook.nn.scoring import Additive, Bilinear, Location, LowRankBilinear

MODULES: dict[str, tuple[Callable[[], nn.Module], dict[str, tuple[int, ...]], str]] = {
    "additive": (
        lambda: Additive(4, 3, 8),
        {"W_q": (8, 4), "W_k": (8, 3), "w": (8,), "bias": (8,)},
        "Additive(query_width=4, key_width=3, hidden=8)",
    ),
    "bilinear": (lambda: Bilinear(4, 3), {"W": (4, 3)}, "Bilinear(query_width=4, key_width=3)"),
    "low_rank_bilinear": (
        lambda: LowRankBilinear(4, 3, 2),
        {"W_q": (2, 4), "W_k": (2, 3)},
        "LowRankBilinear(query_width=4, key_width=3, rank=2)",
    ),
    "location": (lambda: Location(4, 9), {"W": (9, 4)}, "Location(query_width=4, places=9)"),
}
each_module = pytest.mark.parametrize("name", MODULES)


@each_module
def test_parameters_have_the_names_and_shapes_of_core(name: str) -> None:
    make, shapes, _ = MODULES[name]
    module = make()
    assert {key: tuple(W.shape) for key, W in module.named_parameters()} == shapes
    assert all(W.requires_grad and W.dtype == torch.float32 for W in module.parameters())
    if name in core.SCORERS:
        assert tuple(shapes) == core.SCORERS[name].parameters


@pytest.mark.parametrize(("dq", "dk", "size"), [(4, 3, 8), (1, 1, 1), (5, 7, 2)])
def test_how_many_numbers_are_learned(dq: int, dk: int, size: int) -> None:
    def count(module: nn.Module) -> int:
        return sum(W.numel() for W in module.parameters())

    assert count(Additive(dq, dk, size)) == size * (dq + dk + 2)
    assert count(Bilinear(dq, dk)) == dq * dk
    assert count(LowRankBilinear(dq, dk, size)) == size * (dq + dk)
    assert count(Location(dq, size)) == size * dq


@each_module
def test_scores_are_those_of_core(name: str) -> None:
    module = MODULES[name][0]()
    with torch.no_grad():
        for W in module.parameters():
            W.normal_()  # a bias of zero would hide that it is lost
    query, keys = torch.randn(2, 5, 4), torch.randn(2, 6, 3)
    expected = getattr(core.scoring, name)(query, keys, **dict(module.named_parameters()))
    torch.testing.assert_close(module(query, keys), expected, rtol=0, atol=0)


@each_module
def test_state_is_saved_and_loaded(name: str) -> None:
    make = MODULES[name][0]
    one, other = make(), make()
    query, keys = torch.randn(1, 4), torch.randn(6, 3)
    assert not torch.equal(one(query, keys), other(query, keys))
    assert other.load_state_dict(one.state_dict()).missing_keys == []
    assert torch.equal(one(query, keys), other(query, keys))


@each_module
def test_every_parameter_gets_a_gradient(name: str) -> None:
    module = MODULES[name][0]()
    module(torch.randn(3, 4), torch.randn(9, 3)).square().sum().backward()
    for W in module.parameters():
        assert W.grad is not None
        assert bool((W.grad != 0).any())


@each_module
def test_the_seed_decides_the_start(name: str) -> None:
    make = MODULES[name][0]
    torch.manual_seed(3)
    first = make().state_dict()
    torch.manual_seed(3)
    again = make().state_dict()
    assert all(torch.equal(first[key], again[key]) for key in first)


@each_module
def test_scores_start_with_about_unit_variance(name: str) -> None:
    torch.manual_seed(0)
    wide = {
        "additive": lambda: Additive(400, 400, 300),
        "bilinear": lambda: Bilinear(400, 400),
        "low_rank_bilinear": lambda: LowRankBilinear(400, 400, 200),
        "location": lambda: Location(400, 300),
    }[name]()
    with torch.no_grad():
        spread = float(wide(torch.randn(50, 400), torch.randn(300, 400)).std())
    assert 0.5 < spread < 1.2


@each_module
def test_printed_it_says_its_sizes(name: str) -> None:
    make, _, printed = MODULES[name]
    assert repr(make()) == printed


@each_module
def test_double_precision_works(name: str) -> None:
    scores = MODULES[name][0]().double()(torch.randn(1, 4).double(), torch.randn(6, 3).double())
    assert scores.dtype == torch.float64
    assert scores.shape == (1, 6)


@pytest.mark.parametrize("make", [lambda: Additive(2, 2, 32), lambda: Bilinear(2, 2), lambda: LowRankBilinear(2, 2, 2)])
def test_training_finds_the_hidden_rotation(make: Callable[[], nn.Module]) -> None:
    torch.manual_seed(0)
    task = hidden_rotation(300, keys=3, width=2, seed=4)
    query, keys, target = (torch.from_numpy(array) for array in task[:3])
    score = make()
    optimiser = torch.optim.Adam(score.parameters(), lr=0.05)
    losses = []
    for _ in range(60):
        loss = nn.functional.cross_entropy(score(query, keys)[:, 0], target)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.75 * losses[0]
    chosen = score(query, keys)[:, 0].argmax(dim=-1)
    assert float((chosen == target).float().mean()) > 0.55  # one in three would be chance
