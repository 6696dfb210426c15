"""More than one average: several heads, two levels, and attention whose answer is a place in the input."""

from collections.abc import Callable
from typing import Any, NamedTuple

from jaxtyping import Bool, Float

from attnbook.core import _checks as check
from attnbook.core._checks import Array
from attnbook.core.alignment import attend, softmax
from attnbook.core.scoring import scaled_dot

__all__ = [
    "Levels",
    "follow",
    "merge_heads",
    "multi_head",
    "point",
    "split_heads",
    "two_levels",
]


class Levels(NamedTuple):
    """What reading a document in two levels gives."""

    output: Float[Array, "*b v"]
    words: Float[Array, "*b s w"]
    """How much each word counts within its sentence: each sentence's row sums to one."""
    sentences: Float[Array, "*b s"]
    """How much each sentence counts."""


def split_heads(x: Float[Array, "*b n hd"], heads: int) -> Float[Array, "*b h n d"]:
    r"""Cut every vector into equal parts, one for each head: first a view, then the axes change places.

    >>> import numpy as np
    >>> x = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])  # two vectors of width 4
    >>> split_heads(x, 2)  # two heads, each with two vectors of width 2
    array([[[1., 2.],
            [5., 6.]],
    <BLANKLINE>
           [[3., 4.],
            [7., 8.]]])
    """
    xp = check.namespace(x=x)
    check.rows(x=x)
    _divides(heads, x.shape[-1], "x")
    *batch, n, width = x.shape
    parts = xp.reshape(x, (*batch, n, heads, width // heads))  # (*b, n, h, d)
    return xp.moveaxis(parts, -2, -3)  # (*b, h, n, d)


def merge_heads(x: Float[Array, "*b h n d"]) -> Float[Array, "*b n hd"]:
    r"""Put the parts of every vector next to each other again; undoes :func:`split_heads`.

    >>> import numpy as np
    >>> merge_heads(np.array([[[1.0, 2.0], [5.0, 6.0]], [[3.0, 4.0], [7.0, 8.0]]]))
    array([[1., 2., 3., 4.],
           [5., 6., 7., 8.]])
    """
    xp = check.namespace(x=x)
    if x.ndim < 3:
        raise ValueError(f"x has shape {tuple(x.shape)}; it must have shape (…, heads, rows, width): see split_heads")
    *batch, heads, n, width = x.shape
    return xp.reshape(xp.moveaxis(x, -3, -2), (*batch, n, heads * width))  # (*b, n, h, d) → (*b, n, h·d)


def multi_head(
    query: Float[Array, "*#b q hd"],
    keys: Float[Array, "*#b k hd"],
    values: Float[Array, "*#b k hv"],
    *,
    heads: int,
    mask: Bool[Array, "..."] | None = None,
) -> tuple[Float[Array, "*#b q hv"], Float[Array, "*#b h q k"]]:
    r"""Ask several questions at once, each of its own part of the vectors; return ``(output, weights)``.

    .. math::
        o = [o^1; \dots; o^h] \qquad o^m = \sum_i \alpha^m_i v^m_i \qquad
        \alpha^m = \operatorname{softmax}_i \frac{q^m \cdot k^m_i}{\sqrt d}

    The maps that make queries, keys and values of other vectors are the caller's: see :mod:`attnbook.nn.structures`.

    Args:
        query: What is asked, all heads next to each other.
        keys: What it is compared with, as wide as the query.
        values: What is read out, one for each key.
        heads: Into how many parts to cut; d is the width of one part.
        mask: True where attending is allowed. Of shape (…, q, k) it holds for all heads.

    >>> import numpy as np
    >>> keys = np.array([[9.0, 0.0], [0.0, 9.0]])  # the first number is for head 0, the second for head 1
    >>> values = np.array([[1.0, 10.0], [2.0, 20.0]])
    >>> output, weights = multi_head(np.array([[1.0, 1.0]]), keys, values, heads=2)
    >>> output.round(2)  # head 0 reads the first value, head 1 the second
    array([[ 1., 20.]])
    >>> weights.round(2)[:, 0]
    array([[1., 0.],
           [0., 1.]])
    """
    xp = check.namespace(query=query, keys=keys, values=values)
    check.rows(query=query, keys=keys, values=values)
    check.same_width(query, keys, "a head")
    _divides(heads, query.shape[-1], "query")
    _divides(heads, values.shape[-1], "values")
    if mask is not None and mask.ndim > 2:
        mask = xp.expand_dims(mask, axis=-3)  # (*b, 1, q, k): the same for all heads
    parts = (split_heads(x, heads) for x in (query, keys, values))
    q, k, v = parts  # (*b, h, q, d), (*b, h, k, d), (*b, h, k, v)
    output, weights = attend(scaled_dot(q, k), v, mask=mask)  # (*b, h, q, v), (*b, h, q, k)
    return merge_heads(output), weights


def two_levels(
    scores: Float[Array, "*b s w"],
    words: Float[Array, "*b s w v"],
    score_sentences: Callable[[Float[Array, "*b s v"]], Float[Array, "*b s"]],
    *,
    mask: Bool[Array, "*b s w"] | None = None,
) -> Levels:
    r"""Read each sentence as an average of its words, then the document as an average of its sentences.

    .. math::
        x_s = \sum_i \alpha_{si} w_{si} \qquad o = \sum_s \beta_s x_s \qquad
        \alpha_s = \operatorname{softmax}_i(\text{scores}_{si}) \qquad
        \beta = \operatorname{softmax}_s f(x_s)

    Args:
        scores: One number for each word.
        words: What is read out at each word.
        score_sentences: The :math:`f` above: gives each sentence, once it has been read, one number.
        mask: True where there is a word. A sentence without any is not read.

    >>> import numpy as np
    >>> scores = np.array([[0.0, 9.0], [9.0, 0.0]])  # two sentences of two words
    >>> words = np.array([[[0.0], [1.0]], [[5.0], [0.0]]])
    >>> read = two_levels(scores, words, lambda sentences: sentences[..., 0])
    >>> read.sentences.round(2)  # the second sentence says 5, the first 1
    array([0.02, 0.98])
    >>> read.output.round(1)
    array([4.9])
    """
    xp = check.namespace(scores=scores, words=words)
    if words.ndim < 3 or scores.shape != words.shape[:-1]:
        raise ValueError(
            f"scores have shape {tuple(scores.shape)} but words have {tuple(words.shape)}: "
            "they must be (…, sentences, words) and (…, sentences, words, width), with one score for each word"
        )
    each = None if mask is None else mask[..., None, :]  # (*b, s, 1, w)
    sentences, within = attend(scores[..., None, :], words, mask=each)  # (*b, s, 1, v), (*b, s, 1, w)
    sentences = sentences[..., 0, :]  # (*b, s, v)
    levels = score_sentences(sentences)
    if levels.shape != scores.shape[:-1]:
        raise ValueError(
            f"score_sentences gave shape {tuple(levels.shape)} but there are sentences "
            f"{tuple(scores.shape[:-1])}: it must give one number for each"
        )
    there = None if mask is None else xp.any(mask, axis=-1)[..., None, :]  # (*b, 1, s)
    output, between = attend(levels[..., None, :], sentences, mask=there)  # (*b, 1, v), (*b, 1, s)
    return Levels(output[..., 0, :], within[..., 0, :], between[..., 0, :])


def point(scores: Float[Array, "*b k"], *, used: Bool[Array, "..."] | None = None) -> Float[Array, "*b k"]:
    r"""Stop after the first step of attention: the weights are the answer, a probability for each place.

    .. math:: p_i = \frac{e^{s_i}}{\sum_{j \text{ not used}} e^{s_j}}

    Unlike the weights of :func:`softmax`, those of a pointer must go somewhere: that nothing is left is an error.

    Args:
        scores: One number for each place that can be pointed at, however many places there are.
        used: True where one has been already and may not point again.

    >>> import numpy as np
    >>> scores = np.log(np.array([1.0, 3.0, 6.0]))
    >>> point(scores)
    array([0.1, 0.3, 0.6])
    >>> point(scores, used=np.array([False, False, True]))
    array([0.25, 0.75, 0.  ])
    """
    xp = check.namespace(scores=scores)
    if scores.ndim == 0 or scores.shape[-1] == 0:
        raise ValueError(
            f"scores has shape {tuple(scores.shape)}: there are no places, so there is nothing to point at"
        )
    if used is None:
        return softmax(scores)
    check.mask(used, scores, name="used", true="one has been already")
    if bool(xp.any(xp.all(used, axis=-1))):
        raise ValueError("used is True everywhere in a row: nothing is left to point at, so stop before")
    return softmax(scores, mask=~used)


def follow(scores: Float[Array, "k k"], start: int) -> list[int]:
    r"""Go from place to place, always to the highest score of those not yet used, until back at the start.

    .. math:: z_{t+1} = \operatorname{argmax}_{j \notin \{z_1, \dots, z_t\}} s_{z_t j}

    Args:
        scores: Row i says where to go from place i.
        start: Where to begin. It may be pointed at from the third place on, and that ends the tour.

    >>> import numpy as np
    >>> scores = np.array([[0.0, 5.0, 1.0, 0.0], [0.0, 0.0, 5.0, 0.0], [5.0, 8.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    >>> follow(scores, 0)  # from 2 it would go to 1, which has been used, so it goes back to 0
    [0, 1, 2]
    """
    xp = check.namespace(scores=scores)
    if scores.ndim != 2 or scores.shape[0] != scores.shape[1]:
        raise ValueError(f"scores have shape {tuple(scores.shape)}; they must be (k, k), a row for each place")
    places = int(scores.shape[0])
    if isinstance(start, bool) or not isinstance(start, int):
        raise TypeError(f"start is {start!r}; it must be a whole number")
    if not 0 <= start < places:
        raise ValueError(f"start is {start}; it must be a place from 0 to {places - 1}")
    path, free = [start], [j != start for j in range(places)]
    while any(free):
        may = [j for j in range(places) if free[j] or (j == start and len(path) > 2)]
        row = scores[path[-1], :]
        best = may[int(xp.argmax(xp.stack([row[j] for j in may])))]
        if best == start:
            break
        free[best] = False
        path.append(best)
    return path


def _divides(heads: Any, width: int, name: str) -> None:
    if isinstance(heads, bool) or not isinstance(heads, int):
        raise TypeError(f"heads is {heads!r}; it must be a whole number")
    if heads < 1 or width % heads:
        raise ValueError(
            f"{name} has width {width}, which {heads} heads cannot share equally: choose heads that divide {width}"
        )
