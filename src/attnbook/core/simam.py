"""How well can a neuron be told from all others of its map? Energy, its minimum, and a gate without parameters."""

import math
from typing import Any, NamedTuple

from jaxtyping import Float

from attnbook.core import _checks as check
from attnbook.core import _picture_checks as check_picture
from attnbook.core._checks import Array

__all__ = ["energy", "importance", "minimal_energy", "separating_line", "shared_energy", "simam"]

ROUNDING = 16  # times the spacing of floats: a variance below that share of what it was the difference of is 0


def energy(
    maps: Float[Array, "*b y x"],
    weight: Float[Array, "*b y x"],
    bias: Float[Array, "*b y x"],
    *,
    penalty: float | int = 1e-4,
) -> Float[Array, "*b y x"]:
    r"""Tell how badly each neuron's line brings the neuron itself to 1 and all the others of its map to −1.

    .. math::
        e_t(w, b) = \frac{1}{n - 1} \sum_{i \ne t} \bigl( -1 - (w x_i + b) \bigr)^2
        + \bigl( 1 - (w t + b) \bigr)^2 + \lambda w^2

    Each neuron t of a map of n places has a line of its own, with the slope w (``weight``) and the height b (``bias``).

    >>> import numpy as np
    >>> one = np.array([[3.0, 1.0, 1.0]])
    >>> energy(one, weight=np.ones((1, 3)), bias=np.full((1, 3), -2.0), penalty=0.0)  # 3 goes to 1, the 1s go to −1
    array([[0., 6., 6.]])
    """
    xp = _maps(maps=maps, weight=weight, bias=bias)
    for name, line in (("weight", weight), ("bias", bias)):
        if tuple(line.shape) != tuple(maps.shape):
            raise ValueError(
                f"{name} has shape {tuple(line.shape)} but maps have shape {tuple(maps.shape)}: "
                f"each neuron has a line of its own; np.full_like(maps, {name}) gives all of them one"
            )
    rest = _others(maps, penalty, xp)
    t, w, b = (xp.astype(array, xp.float64) for array in (maps, weight, bias))
    others = (1 + w * (t - rest.distance) + b) ** 2 + (
        w * rest.unit
    ) ** 2 * rest.variance  # the mean of (−1 − (w x + b))²
    return xp.astype(others + (1 - (w * t + b)) ** 2 + penalty * w**2, maps.dtype)


def separating_line(
    maps: Float[Array, "*b y x"], *, penalty: float | int = 1e-4
) -> tuple[Float[Array, "*b y x"], Float[Array, "*b y x"]]:
    r"""Find the line of least energy of each neuron; return ``(weight, bias)``.

    .. math::
        w_t = \frac{2 (t - \mu_t)}{(t - \mu_t)^2 + 2 \sigma_t^2 + 2 \lambda} \qquad
        b_t = -\tfrac{1}{2} (t + \mu_t) \, w_t

    :math:`\mu_t` and :math:`\sigma_t^2` are the mean and the variance of all the *others* of its map. The line is 0
    half way between the neuron and that mean. Where all numbers are equal and :math:`\lambda` is 0, it is flat.

    >>> import numpy as np
    >>> weight, bias = separating_line(np.array([[3.0, 1.0, 1.0]]), penalty=0.0)
    >>> weight.round(2), bias.round(2)
    (array([[ 1.  , -0.67, -0.67]]), array([[-2.,  1.,  1.]]))
    """
    xp = _maps(maps=maps)
    rest = _others(maps, penalty, xp)
    bottom = rest.squared + 2 * rest.noise
    weight = 2 * rest.distance / rest.unit / xp.where(bottom == 0, 1.0, bottom) / rest.unit
    bias = -(xp.astype(maps, xp.float64) - rest.distance / 2) * weight
    return xp.astype(weight, maps.dtype), xp.astype(bias, maps.dtype)


def minimal_energy(maps: Float[Array, "*b y x"], *, penalty: float | int = 1e-4) -> Float[Array, "*b y x"]:
    r"""Return the least energy that any line has for each neuron: 0 if it is told apart perfectly, at most 2.

    .. math::
        e_t^* = \frac{4 (\sigma_t^2 + \lambda)}{(t - \mu_t)^2 + 2 \sigma_t^2 + 2 \lambda}

    :math:`\mu_t` and :math:`\sigma_t^2` are the mean and the variance of all the *others* of its map. With the sum S of
    the squared distances :math:`d_t` from the mean of all, no neuron has to be left out by a loop:

    .. math::
        t - \mu_t = \frac{n}{n - 1} (t - \mu) \qquad
        \sigma_t^2 = \frac{1}{n - 1} \Bigl( S - \frac{n}{n - 1} d_t \Bigr)

    >>> import numpy as np
    >>> minimal_energy(np.array([[4.0, 1.0, 0.0, 1.0]]), penalty=0.0).round(2)
    array([[0.08, 1.86, 1.  , 1.86]])
    """
    xp = _maps(maps=maps)
    rest = _others(maps, penalty, xp)
    return xp.astype(_least(rest, xp), maps.dtype)


def shared_energy(maps: Float[Array, "*b y x"], *, penalty: float | int = 1e-4) -> Float[Array, "*b y x"]:
    r"""Return the minimal energy as SimAM has it, with one mean and one variance for all neurons of a map.

    .. math::
        \hat e_t = \frac{4 (\sigma^2 + \lambda)}{(t - \mu)^2 + 2 \sigma^2 + 2 \lambda} \qquad
        \sigma^2 = \frac{1}{n - 1} \sum_i (x_i - \mu)^2

    Where the formula is 0 / 0 it is 2, the energy of a neuron that does not differ at all: in a map of one place, and
    where all numbers are equal and :math:`\lambda` is 0.

    >>> import numpy as np
    >>> shared_energy(np.array([[4.0, 1.0, 0.0, 1.0]]), penalty=0.0).round(2)  # not 0.08
    array([[0.98, 1.92, 1.45, 1.92]])
    """
    xp = _maps(maps=maps)
    return xp.astype(_least(_all(maps, penalty, xp), xp), maps.dtype)


def importance(energies: Float[Array, "*b"]) -> Float[Array, "*b"]:
    r"""Turn minimal energies into importances, the less the more: one half at least, infinite where the energy is 0.

    .. math:: \frac{1}{e_t^*} = \frac{(t - \mu)^2}{4 (\sigma^2 + \lambda)} + \frac{1}{2}

    >>> import numpy as np
    >>> importance(np.array([2.0, 1.0, 0.25]))
    array([0.5, 1. , 4. ])
    """
    xp = check.namespace(energies=energies)
    if bool(xp.any(~(energies >= 0))):
        raise ValueError("energies must be numbers from 0 up: minimal_energy(maps) or shared_energy(maps) returns them")
    some = energies > 0
    return xp.where(some, 1 / xp.where(some, energies, 1.0), math.inf)


def simam(
    maps: Float[Array, "*b y x"], *, penalty: float | int = 1e-4
) -> tuple[Float[Array, "*b y x"], Float[Array, "*b y x"]]:
    r"""Multiply each neuron by a gate that opens the further the more it differs; return ``(output, gates)``.

    .. math:: \tilde x_t = g_t \, x_t \qquad g_t = \sigma(1 / \hat e_t)

    The energies are the :func:`shared_energy` of each map, so the gates are never below
    :math:`\sigma(\tfrac{1}{2}) = 0.622`. This is what Yang et al. publish. Three things are ours: a neuron of a map
    that does not vary has the gate 0.622, where their formula may be 0 / 0; squares are taken in units of the greatest
    distance, so that none overflows; and numbers of half precision are squared and summed in single precision.

    >>> import numpy as np
    >>> output, gates = simam(np.array([[4.0, 1.0, 0.0, 1.0]]), penalty=0.0)
    >>> gates.round(2)
    array([[0.74, 0.63, 0.67, 0.63]])
    >>> output.round(2)
    array([[2.94, 0.63, 0.  , 0.63]])
    """
    xp = _maps(maps=maps)
    rest = _all(maps, penalty, xp)
    noise = xp.where(rest.noise > 0, rest.noise, 1.0)  # 0 only where no number of the map differs: then 1/e is ½
    importances = rest.squared / (4 * noise) + 0.5
    gates = xp.astype(1 / (1 + xp.exp(-importances)), maps.dtype)
    return gates * maps, gates


class _Rest(NamedTuple):
    """What each neuron is compared with. Squares are in units of ``unit²``, of which none is much above 1."""

    distance: Array  # of each neuron from the mean, as it is
    unit: Array  # the greatest distance in the map, or √λ if that is greater
    squared: Array  # distance²
    variance: Array
    noise: Array  # variance + λ


def _all(maps: Array, penalty: float | int, xp: Any) -> _Rest:
    """Compare each neuron with the mean and the variance of the whole map."""
    _penalty(penalty)
    half = maps.dtype not in (xp.float32, xp.float64)
    distance = _distances(xp.astype(maps, xp.float32) if half else maps, xp)
    places = maps.shape[-2] * maps.shape[-1]
    unit = _unit(distance, penalty, xp)
    squared = (distance / unit) ** 2
    variance = xp.mean(squared, axis=(-2, -1), keepdims=True) * (places / max(places - 1, 1))
    return _Rest(distance, unit, squared, variance, variance + (math.sqrt(penalty) / unit) ** 2)


def _others(maps: Array, penalty: float | int, xp: Any) -> _Rest:
    """Compare each neuron with the mean and the variance of all the others: a difference, so in double precision."""
    _penalty(penalty)
    places = maps.shape[-2] * maps.shape[-1]
    if places == 1:
        raise ValueError(
            f"maps has shape {tuple(maps.shape)}: a map of one place has no other neurons to compare with; "
            "shared_energy and simam have an answer for it"
        )
    distance = _distances(xp.astype(maps, xp.float64), xp)
    unit = _unit(distance, penalty, xp)
    squared = (distance / unit) ** 2
    total = xp.sum(squared, axis=(-2, -1), keepdims=True)
    left = total - places / (places - 1) * squared
    left = xp.where(left > ROUNDING * float(xp.finfo(xp.float64).eps) * total, left, 0.0) / (places - 1)
    away = places / (places - 1)  # the mean of the others is further away than that of all
    noise = left + (math.sqrt(penalty) / unit) ** 2
    return _Rest(away * distance, unit, away**2 * squared, left, noise)


def _distances(maps: Array, xp: Any) -> Array:
    """Subtract the mean of each map. A corner is subtracted first: equal numbers become exactly 0."""
    check.finite("maps", maps, xp, advice="a map holds a finite number for each place")
    reach = xp.max(xp.abs(maps)).item() if math.prod(maps.shape) else 0.0
    most = float(xp.finfo(maps.dtype).max)
    if reach > most / (4 * maps.shape[-2] * maps.shape[-1]):
        raise ValueError(f"maps reach {reach:.2g}: their sum is more than {most:.2g}; divide them by {reach:.2g} first")
    shifted = maps - maps[..., :1, :1]
    return shifted - xp.mean(shifted, axis=(-2, -1), keepdims=True)


def _unit(distance: Array, penalty: float | int, xp: Any) -> Array:
    """Return the greatest distance of each map, or √λ if that is greater, or 1 if both are 0."""
    greatest, root = xp.max(xp.abs(distance), axis=(-2, -1), keepdims=True), math.sqrt(penalty)
    unit = xp.where(greatest > root, greatest, root)
    return xp.where(unit > 0, unit, 1.0)


def _least(rest: _Rest, xp: Any) -> Array:
    """Put what each neuron is compared with into the formula of the minimal energy."""
    bottom = rest.squared + 2 * rest.noise
    nothing = bottom == 0
    return xp.where(nothing, 2.0, 4 * rest.noise / xp.where(nothing, 1.0, bottom))


def _maps(**named: Array) -> Any:
    """Ask for maps, ``(…, y, x)``, in any precision, and return the namespace they come from."""
    xp = check.namespace(**named)
    for name, array in named.items():
        shape = tuple(array.shape)
        if len(shape) < 2:
            raise ValueError(f"{name} has shape {shape} but must have shape (…, y, x), a number for each place")
        if 0 in shape[-2:]:
            raise ValueError(f"{name} has shape {shape}: there is no place in it to look at")
    return xp


def _penalty(penalty: float | int) -> None:
    check_picture.number("penalty", penalty, "what a steep line costs, λ in the formula")
    if not 0 <= penalty < math.inf:
        raise ValueError(f"penalty is {penalty}; it must be a finite number from 0 up: what a steep line costs")
