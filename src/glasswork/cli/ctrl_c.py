"""Ctrl-C while a run is made: it ends what may be cut short, and nothing else is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable
from threading import current_thread, main_thread
from typing import Self

from ..train import Callback, Run

__all__ = ["CtrlC", "PauseAtCtrlC"]


class CtrlC:
    """Hold Ctrl-C back in a block, but for the actions in it that it may end.

    One that comes between them ends the next one before it begins. Where Ctrl-C is ignored or
    means something else already, as in a thread, that stays.

    Attributes
    ----------
    pressed : bool
        Whether Ctrl-C has come.

    Examples
    --------
    >>> with CtrlC() as ctrl_c:
    ...     signal.raise_signal(signal.SIGINT)
    ...     ctrl_c.ends(lambda: print("this is not begun"))
    True
    """

    def __init__(self) -> None:
        self.pressed = False
        self._waiting = False
        self._may_end = False

    def __enter__(self) -> Self:
        default = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        self._is_ours = default and current_thread() is main_thread()
        if self._is_ours:
            signal.signal(signal.SIGINT, self._press)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._is_ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def takes(self) -> bool:
        """Whether it has come, and is not to end anything else."""
        came, self._waiting = self._waiting, False
        return came

    def ends(self, action: Callable[[], object]) -> bool:
        """Do something that Ctrl-C may end, and tell whether it did."""
        try:
            self._may_end = True
            if not self._waiting:
                action()
            self._may_end = False  # not in a finally, where Ctrl-C would be raised past the except
        except KeyboardInterrupt:
            self.pressed = self._waiting = True
        ended, self._waiting = self._waiting, False
        return ended

    def _press(self, *signaled: object) -> None:
        self.pressed = self._waiting = True
        if self._may_end:
            self._may_end = False  # a second one ends nothing more
            raise KeyboardInterrupt


class PauseAtCtrlC(Callback):
    """Ends a training between two of its batches, so that it can be gone on with.

    Attributes
    ----------
    paused : bool
        Whether it did.
    """

    def __init__(self, ctrl_c: CtrlC) -> None:
        self._ctrl_c = ctrl_c
        self.paused = False

    def on_start(self, run: Run) -> None:
        self.on_batch(run)

    def on_batch(self, run: Run) -> None:
        if self._ctrl_c.takes():
            self.paused = True
            run.pause()
