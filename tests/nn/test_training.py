"""The training loop: seeds decide everything, measuring disturbs nothing, a kernel sees how far it is."""

import subprocess
import sys

import pytest
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR

from attnbook.nn.training import Trained, train
from attnbook.progress import progress


def line(**changed: object) -> Trained[nn.Linear]:
    def loss(model: nn.Linear) -> torch.Tensor:
        x = torch.rand(8, 1)
        return (model(x) - 3 * x).square().mean()

    options = {"seeds": [0, 1], "steps": 60, "rate": 0.1, "every": 20, **changed}
    return train(lambda: nn.Linear(1, 1), loss, **options)  # type: ignore[arg-type]


def weight(model: nn.Linear) -> float:
    return model.weight.item()


def test_a_seed_decides_everything_and_measuring_nothing() -> None:
    def noisy(model: nn.Linear) -> list[float]:
        return [weight(model), torch.rand(1).item()]

    first, again, other = line(measure=weight), line(measure=noisy, every=7), line(seeds=[1])
    assert [weight(model) for model in first.models] == [weight(model) for model in again.models]
    assert weight(other.models[0]) == weight(first.models[1]) != weight(first.models[0])
    assert first.curves.shape == (2, 4)
    assert again.curves.shape == (2, 9, 2)
    assert first.curves[:, -1].tolist() == pytest.approx([weight(model) for model in first.models])
    assert other.curves.shape == (1, 0)


def test_it_learns_and_a_schedule_is_followed() -> None:
    assert abs(weight(line(steps=300).models[0]) - 3) < 0.2
    still = line(schedule=lambda optimiser: LambdaLR(optimiser, lambda step: 0.0), measure=weight).curves
    assert (still == still[:, :1]).all()


@pytest.mark.parametrize("wrong", [{"steps": 0}, {"every": 0}])
def test_there_is_a_step(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="both must be at least 1"):
        line(**wrong)


def test_progress_is_silent_without_a_notebook(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(progress("abc", "letters", seconds=0)) == ["a", "b", "c"]
    assert capsys.readouterr().out == ""


KERNEL = """
from IPython.testing.globalipapp import start_ipython
start_ipython()
from attnbook.progress import progress
for _ in progress(range(3), "counting", seconds=0):
    pass
"""


def test_progress_counts_in_a_notebook_and_takes_it_away() -> None:
    out = subprocess.run([sys.executable, "-c", KERNEL], capture_output=True, encoding="utf-8", check=True).stdout
    assert "counting: 1 of 3" in out
    assert out.index("counting: 2 of 3") < out.rindex("\033[2K")  # cleared at the end
