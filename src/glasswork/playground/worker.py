"""Workers: a few threads, each of which alone touches the networks of its sessions.

Whatever is to be done to a network is handed to its worker, who does it between two steps: so no
step sees half a change, and whoever asks is free in the meantime. There are few of them however
many pages are open, for Python computes in one thread at a time, and each thread keeps memory.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from math import inf
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol, TypeVar

import numpy as np

__all__ = ["Learner", "Worker"]

Result = TypeVar("Result")


class Learner(Protocol):
    """Anything that takes a step when it is due."""

    due: float

    def on(self) -> None:
        """Take it, and say when the next is due."""


class Worker:
    """A thread that does what is asked of its sessions, and takes their steps when they are due.

    Attributes
    ----------
    sessions : list of Learner
        Those whose steps it takes.
    """

    def __init__(self) -> None:
        self.sessions: list[Learner] = []
        self._tasks: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def do(self, task: Callable[[], Result]) -> Future[Result]:
        """Let the thread do something; it begins with the first."""
        future: Future[Result] = Future()

        def run() -> None:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(task())
                except Exception as error:  # noqa: BLE001 (whoever asked is told)
                    future.set_exception(error)

        self._tasks.put(run)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="playground", daemon=True)
            self._thread.start()
        return future

    def close(self) -> None:
        """End the thread, when it has done what it was asked to."""
        self._tasks.put(None)

    def _work(self) -> None:
        with np.errstate(all="ignore"):  # a loss that is no number is told by its session
            while self._go_on():
                pass

    def _go_on(self) -> bool:
        """Do what is next, and the steps that are due; whether there is more to come.

        What it held is let go before the next call waits.
        """
        next_step = min((session.due for session in self.sessions), default=inf)
        try:
            wait = None if next_step == inf else max(next_step - monotonic(), 0.0)
            task = self._tasks.get(timeout=wait)
        except Empty:
            pass
        else:
            if task is None:
                return False
            task()
        for session in self.sessions:
            if session.due <= monotonic():
                session.on()
        return True
