"""The tape as a reader sees it: a table, and a drawing."""

from .tape import Tape

__all__ = ["Tape"]
