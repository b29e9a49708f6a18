"""`compile`: a function is written as NumPy when it is called first, and is that from then on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from inspect import signature
from os import PathLike
from threading import RLock
from types import FunctionType, MethodType
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from ..elements import aligned
from ..errors import OptionError, seen
from ..nn.changes import changes
from ..nn.module import Module
from ..nn.tree import Tree, walk
from ..tape import recording
from .arguments import Arguments
from .driver import OTHER
from .findings import Found
from .flat import Home
from .program import Program
from .saved import save
from .table import Table, profiled
from .tracing import is_tracing

__all__ = ["Compiled", "compile"]


PAGES = 256  # of one function


class Compiled:
    """A function and its programs, one for each kind of arguments. `compile` makes it.

    Attributes
    ----------
    source : str
        The page that ran last: NumPy that can be read, and is what runs.
    programs : list of Program
        All pages, each with what it is for and why it was written.
    plan : Table
        Of the page that ran last, line by line: operations, bytes, memory.
    """

    def __init__(
        self, function: Callable[..., Any], exact: bool = False, freeze: bool = False
    ) -> None:
        self._function = function
        self._exact = exact
        self._freeze = freeze
        self._programs: dict[Any, Program] = {}
        self._recent: Program | None = None
        self._ready: list[Program] = []  # for the state that was found last
        self._state: Any = None
        self._version = -1
        self._words: set[str] = set()
        self._arena: NDArray[np.uint8] = aligned((0,), np.dtype(np.uint8))
        self._lock = RLock()
        update_wrapper(self, function)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            if self._version == changes() and not kwargs:
                for program in self._ready:
                    answer = program.answer(args)
                    if answer is not OTHER:
                        self._recent = program
                        return answer
            if is_tracing():
                return self._function(*args, **kwargs)
            program, values = self._program_for(args, kwargs)
            return program.call(*values)

    def __set_name__(self, owner: type, name: str) -> None:
        self.__name__ = name

    def __get__(self, instance: Any, owner: type | None = None) -> Compiled:
        """A compiled method: each object has its own, with pages of its own."""
        function = self._function
        if (
            instance is None
            or type(function) is not FunctionType
            or function.__module__ == __name__
        ):
            return self  # of the class; or no function, or the prediction of a module
        bound = Compiled(MethodType(function, instance), self._exact, self._freeze)
        vars(instance)[self.__name__] = bound
        return bound

    def __reduce__(self) -> tuple[Any, ...]:
        return Compiled, (self._function, self._exact, self._freeze)  # a copy has no pages yet

    @property
    def source(self) -> str:
        """The page that ran last."""
        return self._last().page.source

    @property
    def programs(self) -> list[Program]:
        """All pages, with what they are for and why they were written."""
        return list(self._programs.values())

    @property
    def plan(self) -> Table:
        """What each line of the page that ran last costs."""
        return Table(self._last())

    def profile(self, *args: Any, **kwargs: Any) -> Table:
        """Run the page for these arguments some times, with a clock behind each line.

        Nothing is changed by it: parameters, memories and generators are put back.

        Returns
        -------
        Table
            The plan, with the time of each line and its share of what this machine can do.
        """
        with self._lock:
            program, values = self._program_for(args, kwargs)
            return profiled(program, list(values))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page that ran last to a file of Python that needs NumPy alone.

        The arrays that it works on are written beside it, in a file of the same name that ends in
        `.npz`: the file goes on from where the function is now.

        Parameters
        ----------
        path : str or path
            Where to; the name ends in `.py`.
        """
        save(self._last(), path)

    def _last(self) -> Program:
        if self._recent is None:
            raise OptionError(
                f"{getattr(self, '__name__', 'compile')}: there is no page yet.\n"
                "  It is written when the function is called first: call it with a batch."
            )
        return self._recent

    def _program_for(self, args: Any, kwargs: Any) -> tuple[Program, Any]:
        """The page for these arguments, written if there is none yet, and its arguments."""
        arguments = Arguments(self._function, args, kwargs)
        found = Found(self._function, self._words)
        self._words = found.words
        state = _state(found)
        key = arguments.key, state
        program = self._known(key)
        why = _why(key, self._programs) if program is None else program.unfit(found)
        if program is None or why:
            program = self._written(arguments, found, why)
            self._programs[*key, bool(program.unset)] = program
        program.settle(found)
        self._version, self._recent = changes(), program
        if state != self._state:
            self._state, self._ready = state, []
        if program not in self._ready:
            self._ready.append(program)
        return program, arguments.values.values()

    def _known(self, key: tuple[Any, Any]) -> Program | None:
        """The page for these arguments and this state: one that begins without gradients first."""
        anew = self._programs.get((*key, True))
        return anew if anew is not None and anew.begins() else self._programs.get((*key, False))

    def _written(self, arguments: Arguments, found: Found, why: str) -> Program:
        """A new page; if there are very many, in place of the oldest."""
        write = partial(Program, self._function, arguments, found, why)
        program = write(exact=self._exact, freeze=self._freeze)
        if unset := program.adds_to_zeros():
            program = write(exact=self._exact, freeze=self._freeze, unset=unset)
        if len(self._programs) >= PAGES:
            del self._programs[next(iter(self._programs))]
        self._ready = []  # where one that is replaced may be
        self._make_room(program.plan.size)
        program.bind(self._arena)
        return program

    def _make_room(self, size: int) -> None:
        """One arena for all programs: that of the largest."""
        if size > self._arena.size:
            self._arena = aligned((size,), np.dtype(np.uint8))
            for program in self._programs.values():
                program.bind(self._arena)


@overload
def compile(function: Callable[..., Any], *, exact: bool = ..., freeze: bool = ...) -> Compiled: ...


@overload
def compile(
    function: None = ..., *, exact: bool = ..., freeze: bool = ...
) -> Callable[[Callable[..., Any]], Compiled]: ...


def compile(
    function: Callable[..., Any] | None = None, *, exact: bool = False, freeze: bool = False
) -> Compiled | Callable[[Callable[..., Any]], Compiled]:
    """Turn a function into the NumPy program that it amounts to.

    When it is called first, and again for each new shape of arguments, the function runs once on
    arrays that write down what is done to them; twice, if it forgets its gradients at its end, and
    so need not add to any. What they write is a page of NumPy: forward, backward and update, with
    no tape and no allocation. From then on the page is what runs.

    Parameters
    ----------
    function : callable, or Module
        A training step, or anything else that computes with tensors: it is found what it works with
        by looking at its surroundings. A Module is compiled for predictions, without recording.
    exact : bool
        Whether the page keeps the order of all operations, so that each result has the bits that
        the function itself would give. Otherwise they agree to the precision of the dtype.
    freeze : bool
        Whether the elements of parameters and buffers are taken as constants: for predictions with
        a model that is not going to change.

    Returns
    -------
    Compiled
        Called as the function is; see its attributes for the page.

    Raises
    ------
    CompileError
        When it is called, if what is done next depends on a value: `float(loss)`, `if loss > 1`,
        printing; or if something is kept outside: `losses.append(loss)`. Return the value, and look
        at it after the call.

    Notes
    -----
    Arguments are arrays, floats, or tuples, lists and dicts of them; all else is a part of the
    program. Parameters, memories of optimizers and generators are what they would be after the
    function itself; `parameter.grad` is the gradient of the last step. For other numbers around the
    function another page is written; what NumPy alone makes of arrays around it is fixed, if these
    are large. A method is compiled for each object.

    Examples
    --------
    >>> model = gw.Linear(2, 1, rng=0)
    >>> loss_of, optimizer = gw.MSE(), gw.SGD(model.parameters(), learning_rate=0.1)
    >>> @compile
    ... def step(x, y):
    ...     loss = loss_of(model(x), y)
    ...     optimizer.zero_grad()
    ...     loss.backward()
    ...     optimizer.step()
    ...     return loss
    >>> x = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    >>> for _ in range(100):
    ...     loss = step(x, np.array([[1.0], [2.0]], np.float32))
    >>> bool(loss.item() < 1e-3), step.programs
    (True, [<page for x (2, 2) float32, y (2, 1) float32: the first call>])
    """
    if function is None:
        return lambda given: compile(given, exact=exact, freeze=freeze)
    if isinstance(function, Module):
        return Compiled(_prediction(function), exact, freeze)
    if not callable(function):
        raise OptionError(f"compile: {seen(function)} is no function and no Module.")
    return Compiled(function, exact, freeze)


def _prediction(model: Module) -> Callable[..., Any]:
    def predict(*inputs: Any) -> Any:
        with recording(False):
            return model(*inputs)

    vars(predict)["__signature__"] = signature(model.forward)
    return predict


def _state(found: Found) -> Any:
    """Everything but arguments that a program rests on."""
    return (
        tuple((id(t), t.requires_grad, t.shape, t.dtype) for t in found.tensors.values()),
        tuple(_attributes(tree) for tree in found.trees.values()),
        tuple(map(id, found.optimizers)),
        tuple(map(_steps, found.homes)),
        tuple((c.name, c.array.shape, c.array.dtype) for c in found.captured.values()),
        found.fixed,
    )


def _steps(home: Home) -> tuple[int, ...]:
    """How often the parameters that learn were moved, counted from the first of them."""
    steps = [slot.steps for slot in home.slots if slot.tensor.requires_grad]
    return tuple(n - steps[0] for n in steps)


def _attributes(tree: Tree) -> Any:
    """The attributes of all modules on a tree: numbers and words, and which objects they hold."""
    return tuple(
        (
            path,
            id(node),
            getattr(node, "training", None),
            tuple((n, _plain(v)) for n, v in vars(node).items() if n != "training"),
        )
        for path, node in walk(tree)
        if isinstance(node, Tree)
    )


def _plain(value: Any) -> Any:
    known = isinstance(value, int | float | str | None)
    return (type(value), value) if known else id(value)


def _why(key: Any, programs: dict[Any, Program]) -> str:
    """What is new about a call."""
    if not programs:
        return "the first call"
    if (*key, True) in programs:
        return "gradients to add to"
    others = [(arguments[0], *state) for arguments, state, _ in programs]
    now = (key[0][0], *key[1])
    reasons = (
        "other shapes or dtypes",
        "other parameters, or others frozen",
        "another mode or attribute of a module",
        "another optimizer",
        "parameters that were not moved together",
        "other arrays around it",
        "other numbers or functions around it",
    )
    near = max(others, key=lambda other: sum(a == b for a, b in zip(other, now, strict=True)))
    changed = [why for why, a, b in zip(reasons, near, now, strict=True) if a != b]
    return ", ".join(changed) or "other arguments"
