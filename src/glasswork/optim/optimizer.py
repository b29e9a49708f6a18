"""What every optimizer does around its rule: groups, learning rates, memory, and the one write."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..errors import OptionError
from ..limits import checked
from ..tensor import Tensor
from . import rules
from .lanes import Lane, Slot, lanes_of
from .parameters import groups_of
from .schedules import LearningRate, checked_rate, rate_at
from .states import fitted, under, with_prefix

__all__ = ["Optimizer"]


class Optimizer(ABC):
    """Moves parameters by a learning rule.   (article: Stochastic Gradient Descent)

    A subclass hands its options to this constructor, and its `rule` says which pure function they
    mean: one of `glasswork.optim.rules`, or one of your own.

    Parameters
    ----------
    parameters : iterable of Parameter, or of dict
        What to move, each counted once. A dict is a group with options of its own:
        `{"parameters": [...], "learning_rate": 0.01, "l2": 0.0}`.
    learning_rate : float or callable
        η, or a schedule: a function of the number of steps taken before, so that the first step
        has `learning_rate(0)`. See `glasswork.optim.schedules`.
    **options : float
        The hyperparameters of the rule. `l1`, `l2` and `weight_decay` are known to all: they
        spare parameters with `decay=False`, as the biases of the layers are.

    Attributes
    ----------
    parameters : list of Tensor
        All that is moved.
    steps : int
        How many steps were taken.

    Raises
    ------
    OptionError
        If there are no parameters, one is in two groups or is none, or an option is outside what
        it may be.

    Notes
    -----
    A parameter is written in place: `p.els` stays the same array, and a backward pass through what
    was computed from its old value then raises. A frozen parameter (`requires_grad=False`) is left
    alone, and so is what is remembered of it. One that no gradient has reached since `zero_grad`
    has a gradient of zeros, so momentum carries it on and decay shrinks it, as a penalty on the
    loss would. (PyTorch does this when its gradient is zeros, and leaves it alone when it is None.)

    Examples
    --------
    >>> import numpy as np
    >>> class SignDescent(Optimizer):
    ...     def rule(self, options):
    ...         return lambda w, g, *, learning_rate: (-learning_rate * np.sign(g),)
    >>> w = Tensor([3.0, -3.0], requires_grad=True)
    >>> (w * w).sum().backward()
    >>> SignDescent([w], learning_rate=0.5).step()
    >>> w.els
    array([ 2.5, -2.5], dtype=float32)
    """

    def __init__(
        self, parameters: Iterable[Any], learning_rate: LearningRate, **options: Any
    ) -> None:
        self._name = type(self).__name__
        self._options = {name: checked(self._name, name, value) for name, value in options.items()}
        self._rates = [checked_rate(self._name, learning_rate)]
        self._lanes: list[Lane] = []
        self._slots: list[Slot] = []
        for tensors, own in groups_of(self._name, parameters):
            self._add(tensors, own)
        self.parameters = [slot.tensor for slot in self._slots]
        self.steps = 0

    @abstractmethod
    def rule(self, options: Mapping[str, Any]) -> rules.Rule:
        """The rule that moves a group with these options."""

    @property
    def learning_rate(self) -> LearningRate:
        """The learning rate or schedule of all groups without one of their own. It can be set."""
        return self._rates[0]

    @learning_rate.setter
    def learning_rate(self, value: LearningRate) -> None:
        self._rates[0] = checked_rate(self._name, value)

    @property
    def current_learning_rate(self) -> float:
        """The learning rate of the next step, in all groups without one of their own."""
        return self._now(0)

    def step(self, zero_grad: bool = False) -> None:
        """Move every parameter by one step of the rule.

        Parameters
        ----------
        zero_grad : bool
            Forget the gradients afterwards. If they are never forgotten, each `backward` adds to
            those of the batches before it.
        """
        rates = [self._now(place) for place in range(len(self._rates))]
        for lane in self._lanes:
            lane.step(rates[lane.rate])
        self.steps += 1
        if zero_grad:
            self.zero_grad()

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters: they read as zeros again."""
        for tensor in self.parameters:
            tensor.zero_grad()

    def state_dict(self) -> dict[str, Any]:
        """What the next steps rest on beside parameters and options: numbers, and copies of arrays.

        The steps taken; the learning rates that are numbers, and the state of schedules that have
        one; for each parameter, by its place in `parameters`, its steps and what is remembered.
        """
        state: dict[str, Any] = {"steps": self.steps}
        for name, rate in self._named_rates():
            if hasattr(rate, "state_dict"):
                state |= with_prefix(name, rate.state_dict())
            elif not callable(rate):
                state[name] = rate
        for place, slot in enumerate(self._slots):
            state |= with_prefix(f"{place}", slot.state_dict())
        return state

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where an optimizer of the same kind, over the same parameters, was.

        Raises
        ------
        StateError
            If entries are missing, unexpected or do not fit: each is named, and nothing changes.
        """
        state = fitted(self._name, self.state_dict(), state)
        self.steps = state["steps"]
        for place, (name, rate) in enumerate(self._named_rates()):
            if hasattr(rate, "load_state_dict"):
                rate.load_state_dict(under(name, state))
            elif not callable(rate):
                self._rates[place] = state[name]
        for place, slot in enumerate(self._slots):
            slot.load_state_dict(under(f"{place}", state))

    def __repr__(self) -> str:
        options = {"learning_rate": self.learning_rate, **self._options}
        shown = ", ".join(f"{name}={value}" for name, value in options.items())
        return f"<{self._name}: {len(self.parameters)} parameters, {shown}>"

    def _add(self, tensors: list[Tensor], own: dict[str, Any]) -> None:
        """Add a group of parameters, with options of its own."""
        if unknown := own.keys() - self._options.keys() - {"learning_rate"}:
            raise OptionError(
                f"{self._name}: a group has options that are none: {', '.join(sorted(unknown))}.\n"
                f"  There are: {', '.join(['learning_rate', *self._options])}."
            )
        rate = 0
        if "learning_rate" in own:
            self._rates.append(checked_rate(self._name, own.pop("learning_rate")))
            rate = len(self._rates) - 1
        options = self._options | {name: checked(self._name, name, own[name]) for name in own}
        rule = self.rule(options)
        slots = [Slot(tensor, rule) for tensor in tensors]
        self._slots += slots
        self._lanes += lanes_of(slots, rule, options, rate)

    def _named_rates(self) -> Iterator[tuple[str, LearningRate]]:
        for number, rate in enumerate(self._rates):
            yield f"group.{number}.learning_rate" if number else "learning_rate", rate

    def _now(self, place: int, ahead: int = 0) -> float:
        """One of the learning rates, a number of steps ahead."""
        step = self.steps + ahead
        rate = rate_at(self._rates[place], step)
        return float(checked(f"{self._name}, step {step}", "learning_rate", rate))
