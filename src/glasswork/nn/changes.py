"""How often a module was changed: one number for all, so that to ask whether any was costs nothing.

A program that was made from a model holds the values that its attributes had. As long as the number
is what it was, none of them has been set or deleted since. (Not counted is what happens inside of
an attribute's value: an append to a list, a write into an array, new elements of a parameter.)
"""

from __future__ import annotations

from itertools import count

__all__ = ["changes", "note_change"]

_next = count(1).__next__
_changes = 0


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
    _changes = _next()
