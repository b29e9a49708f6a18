"""Session: one network, and the thread that alone touches it.

Whatever is to be done to a network is handed to its thread, which does it between two steps: so no
step sees half a change, and whoever asks is free in the meantime.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from secrets import token_urlsafe
from time import monotonic
from typing import TypeVar

from ..data import Dataset
from .frames import Wishes, frame
from .material import prepare
from .state import State
from .training import NOW, Training

__all__ = ["Session"]

Result = TypeVar("Result")
Task = Callable[[], None]

PATIENCE = 60.0  # seconds that a network learns without anyone looking
LATE = 0.25  # seconds of steps that are made up for
OF_DATA = {"data", "samples", "noise", "test", "seed", "axes", "features"}


class Session:
    """One network that learns while it is looked at.

    Parameters
    ----------
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
    running : bool
        Whether it learns on.
    changed : bool
        Whether there is anything that no frame has shown yet.
    """

    def __init__(self, state: State | None = None) -> None:
        self.name = token_urlsafe(16)
        self.upload: Dataset | None = None
        self.wishes = Wishes()
        self.speed = 200.0
        self.running, self.changed = False, True
        self.notices: list[str] = []
        self._known, self._pace = (0, 0), 0.0
        state = state or State()
        self.training, self._learnt = Training(state, prepare(state)), self.upload
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        threading.Thread(target=self._work, name=f"playground {self.name}", daemon=True).start()

    @property
    def state(self) -> State:
        """What is chosen."""
        return self.training.state

    def do(self, task: Callable[[Session], Result]) -> Future[Result]:
        """Let the thread do something with this session, between two steps."""
        future: Future[Result] = Future()

        def run() -> None:
            try:
                future.set_result(task(self))
            except Exception as error:  # noqa: BLE001 (whoever asked is told)
                future.set_exception(error)

        self._tasks.put(run)
        return future

    def close(self) -> None:
        """End the thread, when it has done what it was asked to."""
        self._tasks.put(None)

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
        self.changed = True
        return renewed

    def reset(self) -> None:
        """The same state from its beginning."""
        self._begin(self.state, anew=False)

    def play(self, speed: float) -> None:
        """Learn on by itself, so many steps in a second."""
        self.speed, self.running, self.changed = speed, True, True
        self._due = self._seen = self._since = monotonic()
        self._counted = self.training.steps

    def pause(self) -> None:
        """Stand still."""
        self.running, self.changed = False, True

    def advance(self, steps: int = 1) -> None:
        """Take steps, if their losses are numbers."""
        for _ in range(steps):
            if not self.training.step():
                self._stop("the loss is no finite number any more: try a smaller learning rate")
                return
        self.changed = True

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
        self.running, self.changed = False, True
        self._known, self._pace = (0, 0), 0.0

    def _work(self) -> None:
        while (task := self._next()) is not None:
            task()

    def _next(self) -> Task | None:
        """What was asked for, or a step when it is time for one; None at the end."""
        wait = max(self._due - monotonic(), 0.0) if self.running else None
        try:
            return self._tasks.get(timeout=wait)
        except Empty:
            return self._on

    def _on(self) -> None:
        """Take the step that is due."""
        now = monotonic()
        if now - self._seen > PATIENCE:
            self._stop("nobody has looked for a minute")
            return
        self._due = max(self._due + 1 / self.speed, now - LATE)
        self.advance()

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
