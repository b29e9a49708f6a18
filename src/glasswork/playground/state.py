"""The state of a playground: what can be chosen, in the words of a URL."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isfinite
from typing import Any
from urllib.parse import quote, urlencode

__all__ = ["CHOICES", "FEATURES", "State"]

Reader = Callable[[Any], tuple[Any, str]]  # from what was said to what is meant, and a complaint

FEATURES = ("x1", "x2", "x1sq", "x2sq", "x1x2", "sinx1", "sinx2")
CHOICES = {
    "data": ("moons", "circles", "spirals", "line", "digits", "upload"),
    "activation": (
        *("relu", "tanh", "sigmoid", "leaky-relu", "elu", "gelu", "silu", "softplus"),
        "identity",
    ),
    "initialization": ("kaiming", "xavier", "lecun", "orthogonal", "article", "zeros"),
    "optimizer": ("sgd", "adam", "adamw", "rmsprop", "adagrad"),
    "schedule": ("constant", "exponential", "cosine", "step", "warmup"),
}
NOISE = {"moons": 0.1, "circles": 0.05, "spirals": 0.02, "line": 0.1}  # as in glasswork.data
LAYERS = {"digits": (64, 32)}
MOST_LAYERS, WIDEST, WIDEST_OF_DIGITS = 6, 16, 128
FEW = 3  # complaints about names that are none


@dataclasses.dataclass(frozen=True, kw_only=True)
class State:
    """Everything that says which network learns what, and how.

    Examples
    --------
    >>> state, complaints = State.of({"data": "moons", "layers": "8,4", "rate": "a lot"})
    >>> state.layers, state.rate, complaints
    ((8, 4), 0.03, ["rate: 'a lot' is no number; it is 0.03"])
    >>> state.query()
    'data=moons&layers=8,4'
    """

    data: str = "spirals"
    samples: int = 500
    noise: float = 0.02
    test: float = 0.5
    seed: int = 0
    axes: tuple[int, ...] = (0, 1)
    features: tuple[str, ...] = ("x1", "x2")
    layers: tuple[int, ...] = (8, 8)
    activation: str = "tanh"
    initialization: str = "kaiming"
    dropout: float = 0.0
    optimizer: str = "sgd"
    rate: float = 0.03
    schedule: str = "constant"
    momentum: float = 0.9
    l1: float = 0.0
    l2: float = 0.0
    batch: int = 16

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> tuple[State, list[str]]:
        """The state that is meant, and what was wrong with what was said.

        Numbers outside of what they may be become the nearest that they may be; what cannot be
        understood is as if it had not been said, and so is a name that is none, of which a few
        are told.

        Parameters
        ----------
        said : mapping
            Values of JSON, or their text in a URL.
        """
        data, complaint = _one_of("data")(said.get("data", cls.data))
        meant = cls.defaults(data or cls.data)
        complaints = [f"data: {complaint}; it is {meant.data}"] if complaint else []
        readers, values = _readers(meant.data), {}
        for name in readers.keys() & said.keys():
            value, complaint = readers[name](said[name])
            if value is not None:
                values[name] = value
            if complaint:
                now = _text(values.get(name, getattr(meant, name)))
                complaints.append(f"{name}: {complaint}; it is {now}")
        strange = sorted(said.keys() - readers.keys() - {"data"})
        complaints += [f"{_shown(name)}: there is nothing of that name" for name in strange[:FEW]]
        return dataclasses.replace(meant, **values), sorted(complaints)

    @classmethod
    def defaults(cls, data: str) -> State:
        """What is meant when nothing but the data is said."""
        noise = NOISE.get(data, 0.0)
        return cls(data=data, noise=noise, layers=LAYERS.get(data, cls.layers))

    def query(self) -> str:
        """The state as the query of a URL, without what need not be said."""
        usual = State.defaults(self.data)
        said = {
            name: _text(value)
            for name, value in vars(self).items()
            if value != getattr(usual, name) or (name == "data" and value != State.data)
        }
        return urlencode(said, safe=",", quote_via=quote)

    def as_json(self) -> dict[str, Any]:
        """The state in words of JSON."""
        return dataclasses.asdict(self)

    def differs(self, other: State, names: Iterable[str]) -> bool:
        """Whether one of these is another there."""
        return any(getattr(self, name) != getattr(other, name) for name in names)


def _readers(data: str) -> dict[str, Reader]:
    """How to read each value but the data."""
    widest = WIDEST_OF_DIGITS if data == "digits" else WIDEST
    return {
        "samples": _number(50, 2000, whole=True),
        "noise": _number(0, 0.5),
        "test": _number(0.1, 0.9),
        "seed": _number(0, 2**32 - 1, whole=True),
        "axes": _several(_number(0, 9999, whole=True), 2, 2),
        "features": _several(_word(FEATURES), 1, len(FEATURES), once=True),
        "layers": _several(_number(1, widest, whole=True), 0, MOST_LAYERS),
        "activation": _one_of("activation"),
        "initialization": _one_of("initialization"),
        "dropout": _number(0, 0.9),
        "optimizer": _one_of("optimizer"),
        "rate": _number(1e-5, 10),
        "schedule": _one_of("schedule"),
        "momentum": _number(0, 0.99),
        "l1": _number(0, 1),
        "l2": _number(0, 1),
        "batch": _number(1, 256, whole=True),
    }


def _number(low: float, high: float, whole: bool = False) -> Reader:
    """A reader of numbers, or of whole numbers, from low to high."""

    def read(said: Any) -> tuple[Any, str]:
        try:
            number = float("nan" if isinstance(said, bool) else said)
        except (TypeError, ValueError, OverflowError):
            number = float("nan")
        if not isfinite(number):
            return None, f"{_shown(said)} is no number"
        if whole and number != round(number):
            return None, f"{_shown(said)} is no whole number"
        kept = min(max(number, low), high)
        complaint = (
            "" if kept == number else f"{_shown(said)} is not from {low:,.10g} to {high:,.10g}"
        )
        return (int(kept) if whole else kept), complaint

    return read


def _word(words: Sequence[str]) -> Reader:
    """A reader of one of some words."""

    def read(said: Any) -> tuple[Any, str]:
        if isinstance(said, str) and said in words:
            return said, ""
        return None, f"{_shown(said)} is none of {', '.join(words)}"

    return read


def _one_of(name: str) -> Reader:
    return _word(CHOICES[name])


def _several(one: Reader, fewest: int, most: int, once: bool = False) -> Reader:
    """A reader of lists, as JSON or with commas; "none" is an empty one."""

    def read(said: Any) -> tuple[Any, str]:
        parts = said
        if isinstance(said, str):
            parts = [] if said in {"", "none"} else said.split(",", most + 1)
        if not isinstance(parts, list | tuple) or not fewest <= len(parts) <= most:
            return None, f"{_shown(said)} is no list of {fewest} to {most}"
        found = [one(part) for part in parts]
        complaint = next((complaint for _, complaint in found if complaint), "")
        values = tuple(value for value, _ in found)
        if None in values:
            return None, complaint
        return (tuple(dict.fromkeys(values)) if once else values), complaint

    return read


def _shown(said: Any) -> str:
    """A value in a few characters."""
    text = repr(said[:40] if isinstance(said, str) else said) if _is_small(said) else "that"
    return text if len(text) <= 60 else f"{text[:57]}…"


def _is_small(said: Any) -> bool:
    """Whether it can be written without effort: no list of lists, no number of many digits."""
    if isinstance(said, int):
        return said.bit_length() < 200
    if isinstance(said, list | tuple):
        return len(said) < 20 and all(isinstance(x, str | float | None) for x in said)
    return isinstance(said, str | float | None)


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value)) or "none"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
