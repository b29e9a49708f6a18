"""The numbers of an optimizer: its learning rates and its steps, which are read at each call."""

from __future__ import annotations

from dataclasses import dataclass
from types import new_class
from typing import Any

from ..errors import CompileError
from ..optim import Optimizer
from ..optim.lanes import Slot
from .origins import user_line

__all__ = ["Count", "Rate", "written"]


@dataclass(frozen=True)
class Rate:
    """How one of an optimizer's learning rates is read, a number of steps ahead."""

    optimizer: Optimizer
    place: int
    ahead: int

    def __call__(self) -> float:
        now = self.optimizer._rates[self.place]
        return now if type(now) is float else self.optimizer._now(self.place, self.ahead)


@dataclass(frozen=True)
class Count:
    """How it is read how often an optimizer has made a step, or a parameter was moved."""

    owner: Optimizer | Slot

    def __call__(self) -> int:
        return self.owner.steps


class _Written(Optimizer):
    """What every optimizer is while it is traced: its learning rates are Scribes."""

    def _now(self, place: int, ahead: int = 0) -> Any:
        lane: Any = self._lanes[0]
        return lane.rate_of(place)

    @property
    def learning_rate(self) -> Any:
        """The schedule, or the number as it is at each call."""
        rate = self._rates[0]
        return rate if callable(rate) else self._now(0)

    @learning_rate.setter
    def learning_rate(self, value: Any) -> None:
        raise CompileError(
            "compile: the learning rate is set while the page is written, once and for all.\n"
            f"  It happens in {user_line()}.\n"
            "  Set it between calls, or give the optimizer a schedule: a function of the step."
        )


def written(kind: type[Optimizer]) -> type[Optimizer]:
    """The class that an optimizer of this one has while it is traced."""
    return new_class(kind.__name__, (_Written, kind))
