"""Which feature counts: a gate for each channel of a picture, made from one number of each."""

import math
from typing import Any

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core import _picture_checks as check_picture
from attnbook.core._checks import Array
from attnbook.core._gates import channels, padded, sigmoid
from attnbook.core.alignment import softmax
from attnbook.core.transformer import feed_forward

__all__ = ["channel_scores", "eca", "eca_kernel_size", "excite", "scale", "softmax_gates", "squeeze"]


def squeeze(maps: Float[Array, "*b c y x"]) -> Float[Array, "*b c"]:
    r"""Keep one number of each channel: its mean over all places.

    .. math:: z_c = \frac{1}{HW} \sum_{y, x} m_{cyx}

    >>> import numpy as np
    >>> maps = np.array([[[8.0, 0.0], [0.0, 0.0]], [[1.0, 1.0], [1.0, 1.0]]])  # a spot, and an even map
    >>> squeeze(maps)
    array([2., 1.])
    """
    xp = channels(maps)
    return xp.mean(maps, axis=(-2, -1))


def channel_scores(
    squeezed: Float[Array, "*b c"],
    w_1: Float[Array, "h c"],
    w_2: Float[Array, "c h"],
    b_1: Float[Array, "h"] | None = None,
    b_2: Float[Array, "c"] | None = None,
) -> Float[Array, "*b c"]:
    r"""Score each channel by a small network that has seen all of them.

    .. math:: s = W_2 \max(0, W_1 z + b_1) + b_2

    Args:
        squeezed: One number for each channel.
        w_1: A row for each hidden unit.
        w_2: A row for each channel.
        b_1: A number for each hidden unit; 0 if not given.
        b_2: A number for each channel; 0 if not given.

    >>> import numpy as np
    >>> w_1, w_2 = np.array([[1.0, -1.0]]), np.array([[3.0], [-3.0]])  # one hidden unit: is the first the larger one?
    >>> channel_scores(np.array([[2.0, 1.0], [1.0, 2.0]]), w_1, w_2)
    array([[ 3., -3.],
           [ 0.,  0.]])
    """
    xp = _one_number_each(squeezed, w_1=w_1, w_2=w_2)
    count = squeezed.shape[-1]
    check.parameter("w_1", w_1, (None, count), "it has a row for each hidden unit, with a number for each channel")
    check.parameter("w_2", w_2, (count, w_1.shape[0]), "it has a row for each channel, with one for each unit")
    if w_1.shape[0] == 0:
        raise ValueError(f"w_1 has shape {tuple(w_1.shape)}: there is no hidden unit through which a score could come")
    b_1 = xp.zeros_like(w_1[:, 0]) if b_1 is None else b_1
    b_2 = xp.zeros_like(w_2[:, 0]) if b_2 is None else b_2
    return feed_forward(squeezed[..., None, :], w_1, b_1, w_2, b_2)[..., 0, :]


def excite(
    squeezed: Float[Array, "*b c"],
    w_1: Float[Array, "h c"],
    w_2: Float[Array, "c h"],
    b_1: Float[Array, "h"] | None = None,
    b_2: Float[Array, "c"] | None = None,
) -> Float[Array, "*b c"]:
    r"""Open a gate for each channel as far as its score says, each by itself.

    .. math:: g = \sigma(s) \qquad s = W_2 \max(0, W_1 z + b_1) + b_2

    The arguments are those of :func:`channel_scores`, which makes the scores.

    >>> import numpy as np
    >>> w_1, w_2 = np.array([[1.0, -1.0]]), np.array([[3.0], [-3.0]])
    >>> excite(np.array([[2.0, 1.0], [1.0, 2.0]]), w_1, w_2).round(2)
    array([[0.95, 0.05],
           [0.5 , 0.5 ]])
    """
    return sigmoid(channel_scores(squeezed, w_1, w_2, b_1, b_2))


def scale(maps: Float[Array, "*b c y x"], gates: Float[Array, "*b c"]) -> Float[Array, "*b c y x"]:
    r"""Multiply each channel, at all its places, by its gate.

    .. math:: o_{cyx} = g_c \, m_{cyx}

    >>> import numpy as np
    >>> scale(np.array([[[8.0, 4.0]], [[8.0, 4.0]]]), np.array([0.5, 0.0]))
    array([[[4., 2.]],
    <BLANKLINE>
           [[0., 0.]]])
    """
    channels(maps)
    check.namespace(maps=maps, gates=gates)
    if gates.shape != maps.shape[:-2]:
        hint = ""
        if gates.shape == (*maps.shape[:-3], *maps.shape[-2:]):
            hint = "; this looks like a mask, with a number for each place: write maps * gates[..., None, :, :]"
        raise ValueError(
            f"gates has shape {tuple(gates.shape)} but maps {tuple(maps.shape)} need gates of shape "
            f"{tuple(maps.shape[:-2])}, one for each channel{hint}"
        )
    return maps * gates[..., None, None]


def softmax_gates(scores: Float[Array, "*b c"], *, sink: float | int | None = None) -> Float[Array, "*b c"]:
    r"""Let the channels share one opening: gates that sum to one, or to less if there is a sink.

    .. math:: g_c = \frac{e^{s_c}}{e^{s_0} + \sum_j e^{s_j}}

    Args:
        scores: One for each channel.
        sink: The score :math:`s_0` of something that takes its share and lets nothing through. Without it,
            :math:`e^{s_0}` is left out and the gates sum to one.

    >>> import numpy as np
    >>> scores = np.array([[3.0, 3.0, -3.0], [-3.0, -3.0, -3.0]])
    >>> softmax_gates(scores).round(2)
    array([[0.5 , 0.5 , 0.  ],
           [0.33, 0.33, 0.33]])
    >>> softmax_gates(scores, sink=0.0).round(2)  # now all can be shut at once
    array([[0.49, 0.49, 0.  ],
           [0.04, 0.04, 0.04]])
    """
    xp = _one_number_each(scores, name="scores")
    if sink is None:
        return softmax(scores)
    check_picture.number("sink", sink, "the score of the sink")
    drain = xp.zeros_like(scores[..., :1]) + float(sink)  # (*b, 1)
    return softmax(xp.concat([scores, drain], axis=-1))[..., :-1]


def eca_kernel_size(channels: int, *, gamma: float | int = 2, b: float | int = 1) -> int:
    r"""Say how many neighbouring channels ECA looks at: an odd number that grows with the logarithm of all.

    .. math:: k = \left| \frac{\log_2 C + b}{\gamma} \right|_\text{odd}

    As in the published code, the fraction is cut to a whole number and, if that is even, one is added.

    >>> [eca_kernel_size(channels) for channels in (64, 128, 256, 512, 1024, 2048)]
    [3, 5, 5, 5, 5, 7]
    """
    check.whole("channels", channels)
    check.above_zero("gamma", gamma)
    check_picture.number("b", b, "what is added to the logarithm")
    size = int(abs((math.log2(channels) + b) / gamma))
    return size if size % 2 else size + 1


def eca(squeezed: Float[Array, "*b c"], kernel: Float[Array, "k"]) -> Float[Array, "*b c"]:
    r"""Open a gate for each channel by what its neighbours in the row of channels say.

    .. math:: g_c = \sigma\Bigl( \sum_{j=1}^{k} w_j \, z_{c + j - (k + 1)/2} \Bigr)

    All channels share the k weights of the kernel, an odd number of them; beyond the ends of the row there are zeros.

    >>> import numpy as np
    >>> eca(np.array([9.0, 0.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0])).round(2)  # each listens to the one before it
    array([0.5, 1. , 0.5, 0.5])
    """
    xp = _one_number_each(squeezed, kernel=kernel)
    if kernel.ndim != 1 or kernel.shape[0] % 2 == 0:
        raise ValueError(
            f"kernel has shape {tuple(kernel.shape)}; it must be a row of an odd number of weights, such as 3 or 5: "
            "an even one has no middle"
        )
    (size,), count = kernel.shape, squeezed.shape[-1]
    row = padded(squeezed, size // 2, -1, xp)  # (*b, c + k − 1)
    return sigmoid(sum(kernel[j] * row[..., j : j + count] for j in range(size)))


def _one_number_each(squeezed: Float[Array, "*b c"], *, name: str = "squeezed", **others: Array) -> Any:
    """Ask for a number for each channel, and return the namespace."""
    xp = check.namespace(**{name: squeezed}, **others)
    if squeezed.ndim == 0 or squeezed.shape[-1] == 0:
        raise ValueError(
            f"{name} has shape {tuple(squeezed.shape)} but must have shape (…, c), one number for each channel: "
            "squeeze(maps) makes them"
        )
    check.finite(name, squeezed, xp, advice="each channel needs a finite number")
    return xp
