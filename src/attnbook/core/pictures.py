"""Maps of a picture: a number for each place, which says how bright, how red or how round it is there."""

from typing import Any

from jaxtyping import Float

from attnbook.core import _picture_checks as check_picture
from attnbook.core._checks import Array
from attnbook.core._length import length
from attnbook.core.alignment import softmax

__all__ = ["blur", "colour_maps", "shape_maps"]

FAINT = 0.005  # of an edge: where all edges are fainter, no shape is seen


def blur(maps: Float[Array, "*b y x"], sigma: float) -> Float[Array, "*b y x"]:
    r"""Replace each number of a map by an average of its neighbours, the near ones weighing most.

    .. math::
        b_{ij} = \sum_{m, n} w_{im} \, w_{jn} \, a_{mn} \qquad
        w_{im} = \frac{e^{-(i - m)^2 / 2 \sigma^2}}{\sum_l e^{-(i - l)^2 / 2 \sigma^2}}

    These weights are a softmax with nearness as the score. They sum to one over the places that exist, so
    there is no dark rim at the border.

    Args:
        maps: One number for each place.
        sigma: How far "near" reaches, in pixels.

    >>> import numpy as np
    >>> spot = np.zeros((1, 5))
    >>> spot[0, 2] = 1.0
    >>> blur(spot, sigma=1.0).round(2)
    array([[0.08, 0.26, 0.4 , 0.26, 0.08]])
    """
    xp = check_picture.maps(maps=maps)
    check_picture.pixels("sigma", sigma)
    rows, columns = maps.shape[-2:]
    return _nearness(rows, sigma, maps, xp) @ maps @ _nearness(columns, sigma, maps, xp).mT


def colour_maps(image: Float[Array, "*b y x 3"]) -> Float[Array, "*b 4 y x"]:
    r"""Tell how red, how green, how blue and how yellow each place is; grey is nothing of all this.

    .. math::
        [r - \max(g, b)]_+ \qquad [g - \max(r, b)]_+ \qquad [b - \max(r, g)]_+ \qquad [\min(r, g) - b]_+

    :math:`[\cdot]_+` makes negative numbers 0. What two of the three lights have in common is another colour
    (red and green: yellow), what all three have in common is white, so each map counts what is left over.

    >>> import numpy as np
    >>> red, yellow, orange, grey = [0.8, 0.1, 0.1], [1.0, 1.0, 0.2], [1.0, 0.5, 0.0], [0.6, 0.6, 0.6]
    >>> colour_maps(np.array([[red, yellow, orange, grey]]))[:, 0, :].round(2)
    array([[0.7, 0. , 0.5, 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0. , 0. , 0. ],
           [0. , 0.8, 0.5, 0. ]])
    """
    xp = check_picture.picture(image)
    r, g, b = (image[..., i] for i in range(3))  # (y, x) each
    kinds = [r - xp.maximum(g, b), g - xp.maximum(r, b), b - xp.maximum(r, g), xp.minimum(r, g) - b]
    return positive_part(xp.stack(kinds, axis=-3), xp)


def shape_maps(image: Float[Array, "*b y x 3"], *, fine: float = 1.0, pool: float = 6.0) -> Float[Array, "*b 3 y x"]:
    r"""Tell how round, how square and how triangular what lies around each place is, from its edges alone.

    With the slope :math:`(g_x, g_y)` of the picture, blurred by ``fine``, in each of its colours c, every place
    has an edge of strength :math:`e` in direction :math:`\theta`, the same whichever side is the lighter one:

    .. math:: e \, e^{2 i \theta} = \sum_c (g_x + i g_y)^2

    Let :math:`\langle\cdot\rangle` be the blur by ``pool``. A square has edges in four directions, so
    :math:`q = \langle e \cos 4\theta \rangle` is large in its midst. A triangle that stands on a side, or on its
    tip, has them in three, so :math:`t = -\langle e \cos 6\theta \rangle` is. A lone line has one, and
    :math:`l = |\langle e \, e^{2i\theta} \rangle|` is. In the midst of a ball all three are 0:

    .. math::
        \text{round} = \frac{[\langle e \rangle - l - |q| - |t|]_+}{\langle e \rangle + \epsilon} \qquad
        \text{square} = \frac{[q - l - |t|]_+}{\langle e \rangle + \epsilon} \qquad
        \text{triangular} = \frac{[t - l - |q|]_+}{\langle e \rangle + \epsilon}

    Args:
        image: A picture.
        fine: How much it is blurred before its slopes are taken, in pixels.
        pool: How far around a place its shape is looked for, in pixels: somewhat less than the size of the things.

    >>> import numpy as np
    >>> image = np.zeros((40, 40, 3))
    >>> image[12:29, 12:29] = 1.0  # a white square
    >>> shape_maps(image)[:, 20, 20].round(2)
    array([0.1 , 0.83, 0.  ])
    """
    xp = check_picture.picture(image)
    check_picture.pixels("fine", fine)
    check_picture.pixels("pool", pool)
    smooth = blur(xp.moveaxis(image, -1, -3), fine)  # (c, y, x)
    g_x, g_y = _slope(smooth, -1, xp), _slope(smooth, -2, xp)
    real, imaginary = xp.sum(g_x**2 - g_y**2, axis=-3), xp.sum(2 * g_x * g_y, axis=-3)  # (y, x)
    edge = _length(real, imaginary, xp)
    safe = xp.where(edge > 0, edge, 1.0)
    cos, sin = real / safe, imaginary / safe  # of 2θ
    four, six = edge * (cos**2 - sin**2), edge * (cos**3 - 3 * cos * sin**2)  # e cos 4θ, e cos 6θ
    pooled = blur(xp.stack([edge, real, imaginary, four, -six], axis=-3), pool)  # (5, y, x)
    edge, real, imaginary, q, t = (pooled[..., i, :, :] for i in range(5))
    line = _length(real, imaginary, xp)
    kinds = [edge - line - xp.abs(q) - xp.abs(t), q - line - xp.abs(t), t - line - xp.abs(q)]
    return positive_part(xp.stack(kinds, axis=-3), xp) / (edge + FAINT)[..., None, :, :]


def _nearness(places: int, sigma: float, like: Array, xp: Any) -> Float[Array, "n n"]:
    """Return how much each place of a row counts for each other one."""
    i = xp.arange(places, dtype=like.dtype, device=like.device)
    return softmax(-((i[:, None] - i) ** 2), temperature=2 * sigma**2)


def _slope(maps: Float[Array, "*b y x"], axis: int, xp: Any) -> Float[Array, "*b y x"]:
    """Return half the difference of the two neighbours; beyond the border the last number goes on."""
    there, back = xp.moveaxis(maps, axis, 0), xp.moveaxis(maps, axis, 0)
    ahead, behind = xp.concat([there[1:], there[-1:]], axis=0), xp.concat([back[:1], back[:-1]], axis=0)
    return xp.moveaxis((ahead - behind) / 2, 0, axis)


def _length(real: Float[Array, "*b"], imaginary: Float[Array, "*b"], xp: Any) -> Float[Array, "*b"]:
    return length(xp.stack([real, imaginary], axis=-1))[..., 0]


def positive_part(maps: Float[Array, "*b"], xp: Any) -> Float[Array, "*b"]:
    """Make negative numbers 0."""
    return xp.where(maps > 0, maps, 0.0)
