"""Datasets drawn from a formula, in one dimension or two: easy to look at.

A class is a curve in the plane. Each of its points stands at a random place t of the curve, t
uniform in [0, 1), and normal noise moves it off the curve.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import OptionError
from ..limits import ANY, COUNT, FROM_ZERO, checked
from ..randomness import RandomSource, generator
from .dataset import Dataset

__all__ = ["circles", "line", "moons", "spirals"]

Array = NDArray[Any]
Curve = Callable[[Array], tuple[Array, Array]]

HALF_TURN, TURN = np.pi, 2 * np.pi
LICENSE = "none needed: drawn from a formula"


def moons(samples: int = 1000, noise: float = 0.1, rng: RandomSource = None) -> Dataset:
    """Two half circles that reach into each other: no straight line parts them.

    upper: (cos πt, sin πt)   lower: (1 − cos πt, ½ − sin πt)

    Parameters
    ----------
    samples : int
        How many points there are; the classes have equal shares.
    noise : float
        Standard deviation of what is added to each coordinate.
    rng : None, int or numpy.random.Generator
        Where places and noise come from, see `glasswork.randomness.generator`.

    Raises
    ------
    OptionError
        If samples are fewer than the classes, or noise is negative.

    Examples
    --------
    >>> moons(samples=500, rng=0)
    <Dataset moons: classification, 500 samples, 2 features, 2 classes>
    """
    curves: dict[str, Curve] = {
        "upper": lambda t: (np.cos(HALF_TURN * t), np.sin(HALF_TURN * t)),
        "lower": lambda t: (1 - np.cos(HALF_TURN * t), 0.5 - np.sin(HALF_TURN * t)),
    }
    return _plane(
        "moons", "Two half circles that reach into each other", curves, samples, noise, rng=rng
    )


def circles(samples: int = 1000, noise: float = 0.05, rng: RandomSource = None) -> Dataset:
    """A circle around another: (cos 2πt, sin 2πt) and half of it.

    Parameters
    ----------
    samples, noise, rng
        As in `moons`.

    Raises
    ------
    OptionError
        As in `moons`.

    Examples
    --------
    >>> circles(noise=0.0, rng=0).classes
    ('outer', 'inner')
    """
    curves: dict[str, Curve] = {
        "outer": lambda t: (np.cos(TURN * t), np.sin(TURN * t)),
        "inner": lambda t: (np.cos(TURN * t) / 2, np.sin(TURN * t) / 2),
    }
    return _plane(
        "circles", "A circle around another of half its size", curves, samples, noise, rng=rng
    )


def spirals(
    samples: int = 1000, noise: float = 0.02, turns: float = 1.5, rng: RandomSource = None
) -> Dataset:
    """Two spirals wound into each other, which a network of one small layer cannot part.

    r (cos a, sin a) with r = √t and a = 2π · turns · r; the second spiral is half a turn ahead.
    (The root spreads the points evenly: a spiral is longer further out.)

    Parameters
    ----------
    samples, noise, rng
        As in `moons`.
    turns : float
        How many times each winds about the middle.

    Raises
    ------
    OptionError
        As in `moons`.

    Examples
    --------
    >>> bool(np.abs(spirals(noise=0.0, rng=0).x).max() <= 1)
    True
    """
    turns = checked("spirals", "turns", turns, ANY)

    def arm(start: float) -> Curve:
        def curve(t: Array) -> tuple[Array, Array]:
            radius = np.sqrt(t)
            angle = TURN * turns * radius + start
            return radius * np.cos(angle), radius * np.sin(angle)

        return curve

    curves = {"first": arm(0), "second": arm(HALF_TURN)}
    return _plane("spirals", "Two spirals wound into each other", curves, samples, noise, rng=rng)


def line(
    samples: int = 200,
    noise: float = 0.1,
    slope: float = 2.0,
    intercept: float = 1.0,
    rng: RandomSource = None,
) -> Dataset:
    """Points about a line, for linear regression: y = slope · x + intercept + noise.

    x is uniform in [−1, 1). The description states the true values. The mean square of the noise is
    noise², and no network can stay far below that loss on points that it has not seen.

    Parameters
    ----------
    samples, noise, rng
        As in `moons`; noise is added to y alone.
    slope, intercept : float
        The true line.

    Raises
    ------
    OptionError
        If there is no sample, or noise is negative.

    Examples
    --------
    >>> line(rng=0).description
    'Points about the line y = 2 x + 1, with normal noise of deviation 0.1'
    """
    _check("line", samples, noise, fewest=1)
    slope = checked("line", "slope", slope, ANY)
    intercept = checked("line", "intercept", intercept, ANY)
    rng = generator(rng)
    x = rng.uniform(-1, 1, (samples, 1))
    y = slope * x + intercept + rng.normal(0, noise, x.shape)
    about = f"y = {slope:g} x {'-' if intercept < 0 else '+'} {abs(intercept):g}"
    return Dataset(
        name="line",
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        task="regression",
        features=("x",),
        description=f"Points about the line {about}, with normal noise of deviation {noise:g}",
        license=LICENSE,
        source="glasswork.data.line",
    )


def _plane(
    name: str,
    description: str,
    curves: Mapping[str, Curve],
    samples: int,
    noise: float,
    *,
    rng: RandomSource,
) -> Dataset:
    """Points about one curve per class, the classes in turn."""
    _check(name, samples, noise, fewest=len(curves))
    rng = generator(rng)
    y = np.arange(samples) % len(curves)
    places = rng.random(samples)
    x = rng.normal(0, noise, (samples, 2))
    for label, curve in enumerate(curves.values()):
        x[y == label] += np.stack(curve(places[y == label]), axis=1)
    return Dataset(
        name=name,
        x=x.astype(np.float32),
        y=y,
        task="classification",
        classes=tuple(curves),
        features=("x1", "x2"),
        description=description,
        license=LICENSE,
        source=f"glasswork.data.{name}",
    )


def _check(name: str, samples: int, noise: float, fewest: int) -> None:
    checked(name, "noise", noise, FROM_ZERO)
    if checked(name, "samples", samples, COUNT) < fewest:
        raise OptionError(f"{name}: samples is {samples!r}.\n  Pass {fewest} at least.")
