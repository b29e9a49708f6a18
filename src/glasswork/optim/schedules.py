"""Schedules: the learning rate as a function of the step, the first step being step 0.

Any callable is a schedule. Those made here can also be printed, compared and pickled. Lengths are
in steps of the optimizer; of epochs, they are `epochs * len(batches)`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from inspect import signature
from math import cos, exp, pi
from typing import Any, Concatenate, ParamSpec

from ..errors import OptionError
from ..limits import checked

__all__ = [
    "LearningRate", "Schedule", "checked_rate", "constant", "cosine", "exponential_decay",
    "inner_rate", "inverse_time", "one_cycle", "rate_at", "schedule", "step_decay", "warm_up",
]  # fmt: skip

LearningRate = float | Callable[[int], float]
Options = ParamSpec("Options")


class Schedule:
    """A formula with all its arguments but the step, which is what it is called with.

    Examples
    --------
    >>> slower = inverse_time(0.1, decay=0.5)
    >>> slower, slower(0), slower(2)
    (inverse_time(initial=0.1, decay=0.5), 0.1, 0.05)
    """

    __slots__ = ("arguments", "formula", "maker")

    def __init__(
        self,
        maker: Callable[..., Schedule],
        formula: Callable[..., float],
        arguments: dict[str, Any],
    ) -> None:
        self.maker = maker
        self.arguments = arguments
        self.formula = formula

    def __call__(self, step: int) -> float:
        return self.formula(step, **self.arguments)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Schedule) and repr(self) == repr(other)

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())
        return f"{self.maker.__name__}({shown})"

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(self.maker, **self.arguments), ()


def schedule(
    formula: Callable[Concatenate[int, Options], float],
) -> Callable[Options, Schedule]:
    """Turn `formula(step, …)` into a function of the rest that returns a `Schedule`.

    Examples
    --------
    >>> @schedule
    ... def square_root(step, initial):
    ...     return initial / (step + 1) ** 0.5
    >>> square_root(0.1), square_root(0.1)(3)
    (square_root(initial=0.1), 0.05)
    """
    own = signature(formula)
    own = own.replace(parameters=list(own.parameters.values())[1:])

    @wraps(formula)
    def maker(*values: Options.args, **named: Options.kwargs) -> Schedule:
        given = own.bind(*values, **named)
        given.apply_defaults()
        arguments = {
            name: inner_rate(maker.__name__, value)
            if name == "then"
            else checked(maker.__name__, name, value)
            for name, value in given.arguments.items()
        }
        return Schedule(maker, formula, arguments)

    maker.__signature__ = own  # type: ignore[attr-defined]
    return maker


@schedule
def constant(step: int, initial: float) -> float:
    """η(i) = η₀.

    Examples
    --------
    >>> constant(0.1)(1000)
    0.1
    """
    return initial


@schedule
def exponential_decay(step: int, initial: float, decay: float) -> float:
    """η(i) = η₀ e^(−λi).   (article: Stochastic Gradient Descent)

    Parameters
    ----------
    initial : float
        η₀.
    decay : float
        The decay constant λ: η halves every ln 2 / λ steps.

    Examples
    --------
    >>> round(exponential_decay(0.1, decay=0.01)(100), 5)
    0.03679
    """
    return initial * exp(-decay * step)


@schedule
def step_decay(step: int, initial: float, every: int, factor: float = 0.1) -> float:
    """η(i) = η₀ f^⌊i / k⌋: constant for k steps, then less.

    Parameters
    ----------
    initial : float
        η₀.
    every : int
        k.
    factor : float
        f, from 0 to 1.

    Examples
    --------
    >>> falling = step_decay(0.8, every=100, factor=0.5)
    >>> falling(99), falling(100), falling(200)
    (0.8, 0.4, 0.2)
    """
    return initial * factor ** (step // every)


@schedule
def inverse_time(step: int, initial: float, decay: float) -> float:
    """η(i) = η₀ / (1 + λi), whose sum is infinite and whose squares' sum is not.

    Robbins and Monro (1951) ask for both, so that noisy steps reach the minimum and come to rest.

    Parameters
    ----------
    initial : float
        η₀.
    decay : float
        λ: η has halved after 1 / λ steps.

    Examples
    --------
    >>> inverse_time(0.1, decay=0.01)(100)
    0.05
    """
    return initial / (1 + decay * step)


@schedule
def cosine(step: int, initial: float, steps: int, final: float = 0.0) -> float:
    """η(i) = η₁ + (η₀ − η₁)(1 + cos(π i / n)) / 2, and η₁ from step n on.

    Loshchilov and Hutter (2017), eq. 5, without restarts.

    Parameters
    ----------
    initial, final : float
        η₀ and η₁.
    steps : int
        n.

    Examples
    --------
    >>> falling = cosine(0.1, steps=100)
    >>> falling(0), falling(50), falling(100), falling(101)
    (0.1, 0.05, 0.0, 0.0)
    """
    return _wave(initial, final, min(step / steps, 1))


@schedule
def warm_up(step: int, steps: int, then: LearningRate, start: float = 0.0) -> float:
    """From `start` · η₀ up to η₀ in a straight line; then the schedule `then`, from its beginning.

    Goyal et al. (2017), section 2.2.

    Parameters
    ----------
    steps : int
        The length of the way up.
    then : float or callable
        A learning rate or a schedule. η₀ is what it gives for step 0.
    start : float
        From 0 to 1. At 0 the first step of all does not move.

    Examples
    --------
    >>> both = warm_up(4, then=step_decay(0.8, every=10, factor=0.5))
    >>> both(0), both(2), both(4), both(13), both(14)
    (0.0, 0.4, 0.8, 0.8, 0.4)
    """
    if step >= steps:
        return rate_at(then, step - steps)
    return rate_at(then, 0) * (start + (1 - start) * step / steps)


@schedule
def one_cycle(
    step: int, peak: float, steps: int, *, rise: float = 0.3, start: float = 0.04, end: float = 4e-6
) -> float:
    """Half a cosine wave up to the peak and half a one down, below where it began.

    Smith and Topin (2018), with waves for their straight lines. They let the momentum fall and
    rise against it; it stays here.

    Parameters
    ----------
    peak : float
        The highest learning rate.
    steps : int
        The length of the whole; its last step, and all that follow, have the lowest.
    rise : float
        The share of the steps that lead up, between 0 and 1.
    start, end : float
        The first and the last learning rate, as shares of the peak.

    Examples
    --------
    >>> cycle = one_cycle(1.0, steps=11, rise=0.5454, start=0.25)
    >>> [round(cycle(step), 2) for step in range(0, 11, 2)]
    [0.25, 0.51, 0.93, 0.9, 0.35, 0.0]
    """
    last = steps - 1
    top = max(rise * steps - 1, 0)
    if step < top:
        return _wave(start * peak, peak, step / top)
    return _wave(peak, end * peak, min((step - top) / (last - top or 1), 1))


def rate_at(learning_rate: LearningRate, step: int) -> float:
    """What a learning rate, or a schedule, is at a step."""
    return learning_rate(step) if callable(learning_rate) else learning_rate


def checked_rate(owner: str, learning_rate: LearningRate) -> LearningRate:
    """A schedule as it is, or a learning rate as a Python number."""
    if callable(learning_rate):
        return learning_rate
    return float(checked(owner, "learning_rate", learning_rate))


def inner_rate(owner: str, learning_rate: LearningRate) -> LearningRate:
    """The same for a schedule inside another, where a state would be lost to the optimizer."""
    if hasattr(learning_rate, "state_dict"):
        raise OptionError(
            f"{owner}: {type(learning_rate).__name__} keeps a state, and must be the outermost.\n"
            f"  Turn it round: {type(learning_rate).__name__}({owner}(...))."
        )
    return checked_rate(owner, learning_rate)


def _wave(start: float, end: float, share: float) -> float:
    """From `start` to `end` along half a cosine wave."""
    return end + (start - end) * (1 + cos(pi * share)) / 2
