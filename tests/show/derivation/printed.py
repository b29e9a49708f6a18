"""A reader of printed mathematics: it sees the text of an equation, and knows nothing else.

    sum      = ["-"] ratio {("+" | "-") ratio}
    ratio    = product {("/" | "mod") factor}
    product  = factor {("⊙" | "·") factor}  or  factor {factor}, which is the matrix product
    factor   = "Σ" factor | "√" factor | atom {"ᵀ" | "²" | "^" factor | "[" index "]"}
    atom     = number | name | name "(" arguments ")" | "(" sum ")" | "|" sum "|" | "⌊" sum "⌋"
             | "[" sum sign sum "]"

A 1 beside a matrix is a vector of ones.
"""

from __future__ import annotations

import ast
import operator
import re
from math import erf
from typing import Any

import numpy as np

from glasswork.ops import OPS

TOKEN = re.compile(
    r"(?P<space>\s*)(?P<token>∂L/∂[^\W\dᵀ²]+[^\Wᵀ²]*|Σ|[^\W\dᵀ²][^\Wᵀ²]*|\d+(\.\d+)?(e-?\d+)?|…|'[^']*'|\S)"
)
SIGNS = {
    "<": operator.lt, "≤": operator.le, ">": operator.gt, "≥": operator.ge,
    "=": operator.eq, "≠": operator.ne,
}  # fmt: skip

CONSTANTS = {"π": np.pi, "∞": np.inf}
WORDS = {"…": Ellipsis, "None": None, "True": True, "False": False}


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def scatter(x, key, shape):
    result = np.zeros(shape)
    np.add.at(result, key, x)
    return result


FUNCTIONS = {
    "exp": np.exp,
    "ln": np.log,
    "tanh": np.tanh,
    "sin": np.sin,
    "cos": np.cos,
    "sign": np.sign,
    "max": lambda *x, **along: np.maximum(*x) if len(x) > 1 else np.max(*x, **along),
    "min": lambda *x, **along: np.minimum(*x) if len(x) > 1 else np.min(*x, **along),
    "clip": np.clip,
    "where": lambda c, a, b: np.where(c != 0, a, b),
    "σ": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": softmax,
    "getitem": lambda x, key: x[key],
    "scatter": scatter,
    "T": np.transpose,
    "erf": np.vectorize(erf, otypes=[float]),
    "onehot": lambda y, classes: np.eye(int(classes))[y],
    "col": lambda x: x[..., None],
    "vec": lambda x: x[..., 0],
}


def evaluate(text: str, known: dict[str, Any]) -> Any:
    """What the right-hand side of an equation amounts to."""
    reader = Reader(text, known)
    value = reader.sum()
    assert reader.at == len(reader.tokens), f"{text!r} is not read from {reader.rest()!r} on"
    return value


class Reader:
    def __init__(self, text: str, known: dict[str, Any]) -> None:
        self.known = CONSTANTS | known
        found = TOKEN.finditer(text.strip())
        self.tokens = [(bool(m["space"]), m["token"]) for m in found]
        self.at = 0

    def rest(self) -> str:
        return " ".join(token for _, token in self.tokens[self.at :])

    def next(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def follows_at_once(self, token: str) -> bool:
        return self.next() == token and not self.tokens[self.at][0]

    def take(self, *tokens: str) -> str:
        token = self.next()
        if token not in tokens:
            return ""
        self.at += 1
        return token

    def must(self, token: str) -> None:
        assert self.take(token), f"{token!r} is missing before {self.rest()!r}"

    def sum(self) -> Any:
        value = -self.ratio() if self.take("-") else self.ratio()
        while sign := self.take("+", "-"):
            value = value + self.ratio() if sign == "+" else value - self.ratio()
        return value

    def ratio(self) -> Any:
        value = self.product()
        while sign := self.take("/", "mod"):
            value = value / self.factor() if sign == "/" else value % self.factor()
        return value

    def product(self) -> Any:
        if self.next() == "1" and self.tokens[self.at + 1 : self.at + 2] == [(False, "ᵀ")]:
            self.at += 2
            return self.joined(self.factor().sum(axis=0))
        value = self.factor()
        if self.next() in ("⊙", "·"):
            while self.take("⊙", "·"):
                value = value * self.factor()
            return value
        return self.joined(value)

    def joined(self, value: Any) -> Any:
        while self.begins_factor():
            value = value.sum(axis=1) if self.take("1") else value @ self.factor()
        return value

    def begins_factor(self) -> bool:
        token = self.next()
        opens = token in {"(", "[", "Σ", "√"} or token[:1].isalnum() or token.startswith("∂")
        return (opens or (token == "|" and self.tokens[self.at][0])) and token != "mod"

    def factor(self) -> Any:
        if self.take("Σ"):
            return np.sum(self.factor())
        if self.take("√"):
            return np.sqrt(self.factor())
        value = self.atom()
        while self.next() in ("ᵀ", "²", "^") or self.follows_at_once("["):
            match self.take("ᵀ", "²", "^", "["):
                case "ᵀ":
                    value = np.swapaxes(value, -1, -2)
                case "²":
                    value = value**2
                case "^":
                    value = value ** self.factor()
                case _:
                    value = value[self.index()]
        return value

    def atom(self) -> Any:
        match self.take("(", "|", "⌊", "["):
            case "(":
                values, _ = self.arguments()
                listed = len(values) != 1 or self.tokens[self.at - 2][1] == ","
                value = values if listed else values[0]
            case "|":
                value = np.abs(self.sum())
                self.must("|")
            case "⌊":
                value = np.floor(self.sum())
                self.must("⌋")
            case "[":
                left = self.sum()
                sign = SIGNS[self.take(*SIGNS)]
                value = np.asarray(sign(left, self.sum()), float)
                self.must("]")
            case _:
                value = self.word()
        return value

    def word(self) -> Any:
        """A number, a name or a call."""
        token = self.next()
        self.at += 1
        if token[0].isdigit():
            return float(token) if set(token) & set(".e") else int(token)
        if token in self.known:
            return self.known[token]
        assert self.follows_at_once("("), f"nobody has said what {token} is"
        return self.call(token)

    def call(self, name: str) -> Any:
        self.must("(")
        positional, named = self.arguments()
        function = FUNCTIONS.get(name) or getattr(np, name, None) or OPS[name].forward
        return function(*positional, **named)

    def arguments(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Up to the closing parenthesis."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        while not self.take(")"):
            if self.tokens[self.at + 1 : self.at + 2] == [(False, "=")]:
                name = self.next()
                self.at += 2
                named[name] = self.part()
            else:
                positional.append(self.part())
            self.take(",")
        return tuple(positional), named

    def index(self) -> Any:
        """Up to the closing bracket."""
        keys: list[Any] = []
        while not self.take("]"):
            keys.append(self.part())
            self.take(",")
        return tuple(keys)

    def part(self) -> Any:
        """An argument, or a part of an index."""
        if self.next() in WORDS:
            return WORDS[self.take(*WORDS)]
        if self.next().startswith("'"):
            self.at += 1
            return self.tokens[self.at - 1][1].strip("'")
        parts: list[Any] = [None if self.next() == ":" else self.sum()]
        while self.take(":"):
            parts.append(None if self.next() in ":,])" else self.sum())
        return slice(*parts) if len(parts) > 1 else parts[0]


def amounts(page: str, arrays: dict[str, Any], until: str = "") -> dict[str, Any]:
    """What every name of a printed derivation stands for.

    Parameters
    ----------
    page : str
        The text, and nothing else of the derivation.
    arrays : dict of str to array
        By what stands behind the names of what is given: "x", "0.weights".
    until : str
        The heading before which to stop.
    """
    known: dict[str, Any] = {}
    for line in page.partition(f"\n{until}\n")[0].splitlines() if until else page.splitlines():
        text, shape, origin = (*re.split(r"  +", line), "", "")[:3]
        if not shape:
            continue  # a heading
        name, _, formula = text.partition(" = ")
        value = evaluate(formula, known) if formula else arrays[origin]
        if isinstance(value, int | float):  # a number stands for an array of it
            value = np.full(ast.literal_eval(shape), value)
        known[name] = value
        assert np.shape(value) == ast.literal_eval(shape), line
    return known


def names_of(page: str) -> dict[str, str]:
    """What is given: from what it is called in the code to its name."""
    lines = (re.split(r"  +", line) for line in page.partition("\nforward\n")[0].splitlines())
    return {line[2]: line[0] for line in lines if len(line) == 3}
