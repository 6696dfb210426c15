"""Modules of Chapter 9 compute what timm's do, with its weights copied over, and fit into any network."""

import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import ClassVar

import pytest
import torch
from torch import nn

from attnbook.core.spatial import ORDERS
from attnbook.nn.channel import ECA, SE, OwnMean
from attnbook.nn.spatial import CBAM, Spatial


class Anything(type):
    """A class that has whatever is asked of it."""

    def __getattr__(cls, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return f"{cls.__name__}.{name}"


class Stub(ModuleType):
    """Stands for a module of torchvision, which timm imports and these layers do not use."""

    __path__: ClassVar[list[str]] = []

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything(name, (), {})


@pytest.fixture(scope="module")
def layers() -> Iterator[SimpleNamespace]:
    names = ["", ".ops", ".ops.misc", ".transforms", ".transforms.functional", ".datasets", ".models"]
    names += [".models.feature_extraction", ".datasets.folder"]
    before = dict(sys.modules)
    for name in names:
        stub = sys.modules[f"torchvision{name}"] = Stub(f"torchvision{name}")
        parent, _, child = f"torchvision{name}".rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, stub)
    from timm.layers import cbam, eca, squeeze_excite

    yield SimpleNamespace(CBAM=cbam.CbamModule, ECA=eca.EcaModule, SE=squeeze_excite.SEModule)
    for name in set(sys.modules) - set(before):
        if name.startswith("torchvision"):
            del sys.modules[name]


@pytest.fixture
def maps() -> torch.Tensor:
    torch.manual_seed(0)
    return torch.randn(2, 64, 9, 7)


def copy(ours: nn.Parameter, theirs: torch.Tensor) -> None:
    with torch.no_grad():
        ours.copy_(theirs.reshape(ours.shape))


def test_squeeze_and_excitation_is_timms(layers: SimpleNamespace, maps: torch.Tensor) -> None:
    theirs, ours = layers.SE(64, rd_channels=4), SE(64, reduction=16)
    for mine, yours in zip((ours.w_1, ours.b_1, ours.w_2, ours.b_2), theirs.parameters(), strict=True):
        copy(mine, yours)
    torch.testing.assert_close(ours(maps), theirs(maps), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("size", [3, 5])
def test_eca_is_timms(layers: SimpleNamespace, maps: torch.Tensor, size: int) -> None:
    theirs, ours = layers.ECA(kernel_size=size), ECA(64, size=size)
    copy(ours.kernel, theirs.conv.weight)
    torch.testing.assert_close(ours(maps), theirs(maps), rtol=1e-5, atol=1e-6)


def test_kernel_sizes_are_timms(layers: SimpleNamespace) -> None:
    for channels in (16, 64, 128, 256, 512, 1024, 2048):
        assert len(ECA(channels).kernel) == layers.ECA(channels).conv.weight.shape[-1]


def test_cbam_is_timms_with_its_batch_norm_folded_in(layers: SimpleNamespace, maps: torch.Tensor) -> None:
    theirs, ours = layers.CBAM(64, rd_channels=4), CBAM(64, reduction=16, bias=False)
    norm = theirs.spatial.conv.bn
    with torch.no_grad():
        norm.weight.fill_(1.7)
        norm.bias.fill_(-0.3)
        norm.running_mean.fill_(0.2)
        norm.running_var.fill_(0.5)
    factor = (norm.weight / (norm.running_var + norm.eps).sqrt()).item()
    copy(ours.w_1, theirs.channel.fc1.weight)
    copy(ours.w_2, theirs.channel.fc2.weight)
    copy(ours.kernel, factor * theirs.spatial.conv.conv.weight)
    copy(ours.bias, norm.bias - factor * norm.running_mean)
    torch.testing.assert_close(ours(maps), theirs.eval()(maps), rtol=1e-5, atol=1e-6)


BLOCKS = {"SE": SE(8, reduction=2), "ECA": ECA(8), "own": OwnMean(), "spatial": Spatial(3)}
BLOCKS |= {order: CBAM(8, reduction=2, size=3, order=order) for order in ORDERS}


@pytest.mark.parametrize("name", BLOCKS)
def test_a_block_fits_behind_a_convolution_and_learns(name: str) -> None:
    torch.manual_seed(0)
    block = BLOCKS[name]
    network = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), block, nn.Conv2d(8, 2, 3))
    network(torch.randn(2, 3, 12, 10)).square().mean().backward()
    assert all(parameter.grad is not None for parameter in network.parameters())
    maps = torch.randn(2, 8, 5, 6)
    output = block(maps)
    assert output.shape == maps.shape
    assert (output.abs() <= maps.abs()).all()  # gates and masks are never above one
    if hasattr(block, "gates"):
        torch.testing.assert_close(output, maps * block.gates(maps)[..., None, None])
    assert name in ORDERS or repr(block)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SE(8, reduction=16), "reduction of at most 8"),
        (lambda: CBAM(8, reduction=16), "leave no hidden unit"),
        (lambda: ECA(8, size=4), "choose 3 or 5"),
        (lambda: Spatial(6), "has no middle: choose 5 or 7"),
        (lambda: CBAM(8, reduction=2, order="both"), "order is 'both'"),
        (lambda: SE(8, reduction=2)(torch.ones(4, 4)), "a mask on places is not enough"),
        (lambda: SE(8, reduction=2)(torch.ones(1, 4, 4, 4)), "w_1 has shape"),
    ],
)
def test_what_cannot_be_is_refused_in_words(make: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()  # type: ignore[operator]
