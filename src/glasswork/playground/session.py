"""Session: one network that learns while it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from secrets import token_urlsafe
from time import monotonic
from typing import TypeVar

from ..data import Dataset
from .frames import Wishes, frame
from .material import prepare
from .state import State
from .training import NOW, Training
from .worker import Worker

__all__ = ["Session"]

Result = TypeVar("Result")

PATIENCE = 60.0  # seconds that a network learns without anyone looking
LATE = 0.25  # seconds of steps that are made up for
OF_DATA = {"data", "samples", "noise", "test", "seed", "axes", "features"}


class Session:
    """One network, which its worker alone touches.

    Parameters
    ----------
    worker : Worker
        Whose thread makes it, and does all else to it.
    state : State, optional
        What is chosen at first.

    Attributes
    ----------
    name : str
        Which nobody can guess.
    training : Training
        The network and how it learns.
    upload : Dataset or None
        What was sent, to be learnt once the state says so.
    wishes : Wishes
        What frames should carry.
    speed : float
        Steps per second that are wanted.
    due : float
        When the next step is, on the clock `monotonic`; infinite while it stands still.
    changed : bool
        Whether there is anything that no frame has shown yet.
    """

    def __init__(self, worker: Worker, state: State | None = None) -> None:
        self.name = token_urlsafe(16)
        self.upload: Dataset | None = None
        self.wishes = Wishes()
        self.speed, self.due, self.changed = 200.0, inf, True
        self.notices: list[str] = []
        self._known, self._pace = (0, 0), 0.0
        state = state or State()
        self.training = Training(state, prepare(state))
        self._learnt: Dataset | None = None
        self._worker = worker
        worker.sessions.append(self)

    @property
    def state(self) -> State:
        """What is chosen."""
        return self.training.state

    @property
    def running(self) -> bool:
        """Whether it learns on by itself."""
        return self.due < inf

    def do(self, task: Callable[[Session], Result]) -> Future[Result]:
        """Let the worker do something with this session, between two steps."""
        return self._worker.do(lambda: task(self))

    def close(self) -> None:
        """Let go of it, in the worker's thread."""
        self._worker.sessions.remove(self)

    def become(self, state: State) -> bool:
        """Take over another state; whether that took a new network."""
        differing = {
            name for name, value in vars(state).items() if value != getattr(self.state, name)
        }
        sent = state.data == "upload" and self._learnt is not self.upload
        renewed = sent or bool(differing - {*NOW})
        if renewed:
            self._begin(state, anew=sent or bool(differing & OF_DATA))
        elif differing:
            self.training.change(state)
            self._known = 0, 0  # the page draws all of it anew
        self.changed = True
        return renewed

    def reset(self) -> None:
        """The same state from its beginning."""
        self._begin(self.state, anew=False)

    def play(self, speed: float) -> None:
        """Learn on by itself, so many steps in a second."""
        self.speed, self.changed = speed, True
        self.due = self._seen = self._since = monotonic()
        self._counted = self.training.steps

    def pause(self) -> None:
        """Stand still."""
        self.due, self.changed = inf, True

    def advance(self, steps: int = 1) -> None:
        """Take steps, if their losses are numbers."""
        for _ in range(steps):
            if not self.training.step():
                self._stop("the loss is no finite number any more: try a smaller learning rate")
                return
        self.changed = True

    def on(self) -> None:
        """Take the step that is due."""
        now = monotonic()
        if now - self._seen > PATIENCE:
            self._stop("nobody has looked for a minute")
            return
        self.due = max(self.due + 1 / self.speed, now - LATE)
        try:
            self.advance()
        except Exception as error:  # noqa: BLE001 (others learn in the same thread)
            self._stop(f"the step failed: {error}")

    def looked_at(self) -> None:
        """Somebody has seen the last frame."""
        self._seen = monotonic()

    def frame(self) -> bytes:
        """What there is to draw now."""
        self.changed = False
        made = frame(
            self.training,
            self.wishes,
            self._known,
            running=self.running,
            steps_per_second=self._measured(),
        )
        self._known = len(self.training.curve), self.training.every
        return made

    def _begin(self, state: State, anew: bool = True) -> None:
        """A new network; nothing changes if there cannot be one."""
        material = prepare(state, self.upload) if anew else self.training.material
        self.training, self._learnt = Training(state, material), self.upload
        self.due, self.changed = inf, True
        self._known, self._pace = (0, 0), 0.0

    def _stop(self, why: str) -> None:
        self.pause()
        self.notices.append(why)

    def _measured(self) -> float:
        """Steps per second, over half a second or more."""
        if not self.running:
            return 0.0
        steps, seconds = self.training.steps - self._counted, monotonic() - self._since
        if seconds >= 0.5:
            self._pace = steps / seconds
            self._since, self._counted = monotonic(), self.training.steps
        return self._pace
