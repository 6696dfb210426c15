"""How many bytes a model keeps for a text, and how long a text fits into a memory."""

import math
from typing import Any

from attnbook.core import _checks as check

__all__ = ["cache_bytes", "longest_text"]


def cache_bytes(
    tokens: int,
    *,
    layers: int,
    heads: int,
    width: int,
    groups: int | None = None,
    latent: int | None = None,
    window: int | None = None,
    number_bytes: float | int = 2,
) -> int:
    r"""Say how many bytes of keys and values a model keeps for so many tokens.

    .. math:: \text{bytes} = b \cdot L \cdot 2 G d \cdot \min(n, w) \qquad
        \text{latent:} \quad b \cdot L \cdot r \cdot \min(n, w)

    Args:
        tokens: The :math:`n` above, all that has been read and written.
        layers: The :math:`L` above.
        heads: How many heads ask.
        width: The :math:`d` above, of one head.
        groups: The :math:`G` above; as many as heads if not given.
        latent: The :math:`r` above: how many numbers are kept in place of keys and values.
        window: The :math:`w` above: how many tokens are kept; all if not given.
        number_bytes: The :math:`b` above: 4 for float32, 2 for float16, 1 for 8 bits, 0.5 for 4 bits.

    >>> cache_bytes(1, layers=32, heads=32, width=128)  # half a MiB for each token
    524288
    >>> cache_bytes(1, layers=32, heads=32, width=128, groups=8)
    131072
    """
    sizes = {"tokens": tokens, "layers": layers, "heads": heads, "width": width}
    sizes |= {
        name: size for name, size in (("groups", groups), ("latent", latent), ("window", window)) if size is not None
    }
    for name, size in sizes.items():
        check.whole(name, size, least=0 if name == "tokens" else 1)
    check.above_zero("number_bytes", number_bytes)
    if groups is not None and latent is not None:
        raise ValueError(
            f"groups is {groups} and latent is {latent}: a latent cache has no groups; leave one of them out"
        )
    if groups is not None and heads % groups:
        fit = ", ".join(str(number) for number in range(1, heads + 1) if heads % number == 0)
        raise ValueError(f"groups is {groups}, which does not divide {heads} heads: choose one of {fit}")
    kept = tokens if window is None else min(tokens, window)
    each = latent if latent is not None else 2 * (heads if groups is None else groups) * width
    return math.ceil(number_bytes * layers * each * kept)


def longest_text(
    memory: float | int, *, parameters: float | int, number_bytes: float | int = 2, **model: Any
) -> float | int:
    r"""Say how many tokens fit into so many bytes of memory together with the model's own numbers.

    .. math:: n = \Bigl\lfloor \frac{\text{memory} - b P}{\text{bytes of one token}} \Bigr\rfloor

    What else a program needs is not counted. A cache with a window that fits has no longest text: infinity.

    Args:
        memory: In bytes: 24e9 for a card of 24 GB.
        parameters: The :math:`P` above, all learned numbers of the model.
        number_bytes: The :math:`b` above, for the parameters and the cache alike.
        model: The layers, heads and so on of :func:`cache_bytes`.

    >>> longest_text(24e9, parameters=8e9, layers=32, heads=32, width=128)
    15258
    >>> longest_text(24e9, parameters=8e9, layers=32, heads=32, width=128, groups=8)
    61035
    """
    check.above_zero("memory", memory)
    check.above_zero("parameters", parameters)
    one = cache_bytes(1, number_bytes=number_bytes, **model)
    left = memory - parameters * number_bytes
    if left < 0:
        raise ValueError(
            f"{parameters:,.0f} parameters of {number_bytes:g} bytes take {parameters * number_bytes / 1e9:,.1f} GB, "
            f"more than the memory of {memory / 1e9:,.1f} GB: "
            "take a smaller model, fewer bytes for a number, or more memory"
        )
    fit = int(left // one)
    window = model.get("window")
    return math.inf if window is not None and fit >= window else fit
