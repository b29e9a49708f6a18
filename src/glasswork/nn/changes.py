"""How often a module was changed: one number for all, so that to ask whether any was costs nothing.

A program that was made from a model holds the values that its attributes had. As long as the number
is what it was, none of them has been set or deleted since. (Not counted is what happens inside of
an attribute's value: an append to a list, a write into an array, new elements of a parameter.)
"""

from __future__ import annotations

from itertools import count
from threading import Lock

__all__ = ["changes", "note_change", "take_back"]

_next = count(1).__next__
_changes = 0
_one_at_a_time = Lock()


def changes() -> int:
    """A number that is another one after any attribute of any module has changed.

    Examples
    --------
    >>> layer, before = gw.nn.ReLU(), changes()
    >>> layer.eval().training, changes() == before
    (False, False)
    """
    return _changes


def note_change() -> None:
    """Tell that an attribute of a module has changed."""
    global _changes  # noqa: PLW0603 (one number for all modules is the point)
    with _one_at_a_time:
        _changes = _next()


def take_back(before: int, latest: int) -> None:
    """Tell that all is again as it was at the number `before`, but for changes after `latest`."""
    global _changes  # noqa: PLW0603 (as above)
    with _one_at_a_time:
        _changes = before if _changes == latest else _next()
