"""The backward pass, one value at a time: what arrives, what flows on, and what adds up where.

A value may be left when the gradients of all its uses have arrived: until then, what flows on from
it is too little. Newest first is such an order (Griewank and Walther, 2008, chapter 3). The article
joins the tapes of both operands instead, and leaves some values too early, and more than once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal, TextIO, overload

import numpy as np
from numpy.typing import ArrayLike

from ...errors import OptionError, TapeError, UnsupportedError
from ...limits import checked, one_of
from ...tape import Entry
from ...tensor import Tensor, seed_of
from ...transcript.colors import aligned
from ...transcript.rows import brief, named
from .replay import ORDERS, Share, Step, replay
from .visits import HEAD, Visit, visit

__all__ = ["Walk", "walk"]


def walk(
    output: Tensor, seed: ArrayLike | None = None, order: Literal["right", "article"] = "right"
) -> Walk:
    """The backward pass from `output`, to be walked forth and back one value at a time.

    Each step leaves one value. What has arrived there, g, flows on to each of its uses of others by
    a rule of its op, and adds up with what arrives there by other ways:

        ∂L/∂x = Σ over all y made of x of  ∂L/∂y · ∂y/∂x                (article: the chain rule)

    Nothing is written to any `grad`, and `backward` need not have been called.

    Parameters
    ----------
    output : Tensor
        What is differentiated, such as a loss.
    seed : array_like, optional
        As for `Tensor.backward`.
    order : "right" or "article"
        Newest first; or as the article's tapes have it, which gives wrong sums where a value is
        used twice. Only the order is the article's, the rules are ours.

    Raises
    ------
    UnsupportedError
        If the output is no tensor.
    TapeError
        If it wants no gradient or was not made by an op, if it is more than one element and no seed
        is given, or if a leaf has changed since it was used.
    OptionError
        If there is no such order, or the article's has too many steps to be shown.

    Examples
    --------
    >>> x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    >>> print(gw.walk(x1 * x2 + np.sin(x1)))
    step  left          g  to  g becomes    slope    arrives  sum there  to come
    0     γ₅ = γ₃ + γ₄  1  γ₃  g            1        1        1
                           γ₄  g            1        1        1
    1     γ₄ = sin(γ₁)  1  γ₁  g · cos(γ₁)  -0.4161  -0.4161  -0.4161    1
    2     γ₃ = γ₁ · γ₂  1  γ₁  g · γ₂       3        3        2.584
                           γ₂  g · γ₁       2        2        2
    """
    if not isinstance(output, Tensor):
        raise UnsupportedError(
            f"walk: this is a {type(output).__name__}, and no tensor.\n"
            "  Pass what a model and a loss gave, before the step and outside gw.compile."
        )
    if output.op is None:
        raise TapeError(
            "walk: there is no step, for no recorded operation made this tensor.\n"
            "  Make a leaf with requires_grad=True, and compute outside no_grad()."
        )
    checked("walk", "order", order, one_of(*ORDERS))
    return Walk(output, seed, order)


class Walk(Sequence[Visit]):
    """The steps of a backward pass, and a place among them: what `walk` returns.

    It is a sequence of visits; printed, it is a table of them all. `next`, `previous` and `go` move
    the place, and `run` moves it by keys, in a terminal.

    Attributes
    ----------
    output : Tensor
        Where the pass begins.
    order : str
        "right" or "article".
    names : dict of Tensor to str
        What the values are called: as on `output.tape`, unless you give one another name.
    position : int
        The place, from 0.
    """

    def __init__(self, output: Tensor, seed: ArrayLike | None, order: str) -> None:
        self.output = output
        self.order = order
        self.names = named(output.tape)
        self.position = 0
        self._seed = seed_of(output, seed)
        self._steps = list(replay(ORDERS[order](output), output, self._seed))

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, position: int) -> Visit: ...
    @overload
    def __getitem__(self, position: slice) -> list[Visit]: ...
    def __getitem__(self, position: int | slice) -> Visit | list[Visit]:
        if isinstance(position, slice):
            return [visit(step, self.names) for step in self._steps[position]]
        return visit(self._steps[position], self.names)

    def __repr__(self) -> str:
        return f"Walk of {len(self)} steps in the {self.order} order, now at {self.position}"

    def __str__(self) -> str:
        return "\n".join(aligned(list(self._rows())))

    def _repr_html_(self) -> str:
        from ...transcript.picture import table

        return table(list(self._rows()))

    @property
    def current(self) -> Visit:
        """The step at the place."""
        return self[self.position]

    def next(self) -> Visit:
        """Go one step on, and return it."""
        return self.go(self.position + 1)

    def previous(self) -> Visit:
        """Go one step back, and return it."""
        return self.go(self.position - 1)

    def go(self, position: int) -> Visit:
        """Go to a step, counted from 0, and return it.

        Raises
        ------
        OptionError
            If there is no such step.
        """
        if not 0 <= position < len(self):
            raise OptionError(
                f"walk: there is no step {position}.\n  They go from 0 to {len(self) - 1}."
            )
        self.position = position
        return self.current

    def sums(self, position: int | None = None) -> dict[Entry, np.ndarray]:
        """What has arrived at each value after a step; without those at which nothing has.

        Parameters
        ----------
        position : int, optional
            The step; the place of this walk by default.
        """
        shares = _shares(self._steps[: self._after(position)])
        return {self.output: self._seed} | {share.entry: share.total for share in shares}

    def to_come(self, position: int | None = None) -> Counter[Entry]:
        """How many contributions are to come to each value after a step: `position` as above."""
        return Counter(share.entry for share in _shares(self._steps[self._after(position) :]))

    def _after(self, position: int | None) -> int:
        return (self.position if position is None else range(len(self))[position]) + 1

    @property
    def gradients(self) -> dict[Entry, np.ndarray]:
        """What has arrived at each leaf in the end: in the right order, its gradient."""
        found = self.sums(-1)
        return {leaf: found[leaf] for leaf in self.names if not leaf.op and leaf in found}

    def beside(self, other: Walk | None = None) -> str:
        """Two walks from the same value line by line, with ≠ where they part.

        Parameters
        ----------
        other : Walk, optional
            What stands beside this one; by default the walk in the article's order.

        Examples
        --------
        >>> a = gw.Tensor(3.0, requires_grad=True)
        >>> x = 2 * a
        >>> print(gw.walk(x * x).beside())
        right order  arrives  sum       article order  arrives  sum
        γ₃ → γ₂      6        6         γ₃ → γ₂        6        6
        γ₃ → γ₂      6        12        γ₃ → γ₂        6        12
        γ₂ → γ₁      24       24        γ₂ → γ₁        24       24
                                     ≠  γ₂ → γ₁        24       48   left 2 times by now
        in the end                      in the end
        γ₁                    24     ≠  γ₁                      48
        """
        other = other or Walk(self.output, self._seed, "article")
        lines = [
            [*left, "" if left[:3] == right[:3] else "≠", *right]
            for ours, theirs in zip(self._lines(), other._lines(), strict=True)
            for left, right in zip_longest(ours, theirs, fillvalue=[""] * 4)
        ]
        lines[0][4] = ""
        return "\n".join(aligned(lines))

    def run(self, keys: TextIO | None = None, screen: TextIO | None = None) -> None:
        """Walk by keys: n for the next step, p for the previous, g to go to one, q to quit.

        In a terminal each key is obeyed at once; otherwise lines are read, one for each command.

        Parameters
        ----------
        keys, screen : text streams, optional
            Where keys come from, and where the steps are shown; standard input and output by
            default.
        """
        from .terminal import run

        run(self, keys, screen)

    def _rows(self) -> Iterator[list[str]]:
        """The table: its head, and a line for each contribution."""
        yield ["step", "left", "g", *HEAD, ""]
        for i, step in enumerate(self):
            left = [str(i), f"{step.name} = {step.made_of}", brief(step.upstream)]
            fault = step.fault
            for contribution in step.contributions:
                yield [*left, *contribution.cells, fault]
                left, fault = ["", "", ""], ""

    def _lines(self) -> tuple[list[list[str]], list[list[str]]]:
        """A short line for each contribution, and one for each leaf in the end."""
        steps = [[f"{self.order} order", "arrives", "sum", ""]]
        for step in self:
            fault = step.fault
            for c in step.contributions:
                steps.append([f"{step.name} → {c.name}", brief(c.value), brief(c.total), fault])
                fault = ""
        sums = ([self.names[leaf], "", brief(g), ""] for leaf, g in self.gradients.items())
        return steps, [["in the end", "", "", ""], *sums]


def _shares(steps: Iterable[Step]) -> Iterator[Share]:
    return (share for step in steps for share in step.shares)
