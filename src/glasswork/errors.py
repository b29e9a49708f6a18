"""Every error that Glasswork raises on purpose, each also the one a NumPy user expects.

    GlassworkError
    ├── ShapeError             (ValueError)      shapes that do not fit each other
    ├── DtypeError             (TypeError)       a dtype that cannot do what was asked
    ├── TapeError              (RuntimeError)    a gradient that cannot be had from this tape
    ├── GradientMismatchError  (AssertionError)  a derivative rule that is not its function's
    ├── StateError             (ValueError)      a state dict that does not fit its module
    ├── OptionError            (ValueError)      an argument outside what it may be
    ├── DataError              (ValueError)      data or a file that cannot be used
    ├── UnsupportedError       (TypeError)       something that tensors do not do
    ├── CompileError           (TypeError)       a step that no program can be written for
    └── MissingExtraError      (ImportError)     an optional package that is not installed

A message says what was wrong (names first), then what was seen, then what to do.
"""

from __future__ import annotations

__all__ = [
    "CompileError",
    "DataError",
    "DtypeError",
    "GlassworkError",
    "GradientMismatchError",
    "MissingExtraError",
    "OptionError",
    "ShapeError",
    "StateError",
    "TapeError",
    "UnsupportedError",
    "seen",
]

LONGEST = 60  # characters of a value in a message


def seen(value: object) -> str:
    """A value as a message shows it: in one line, and not at length.

    Examples
    --------
    >>> seen("0.1"), seen([[1, 2], [3, 4]] * 9)
    ("'0.1'", '[[1, 2], [3, 4], [1, 2], [3, 4], [1, 2], [3, 4], [1, 2], [3…')
    """
    if shape := getattr(value, "shape", ()):
        return f"{type(value).__name__} of shape {shape}"
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


class GlassworkError(Exception):
    """The root of all errors that Glasswork raises on purpose."""


class ShapeError(GlassworkError, ValueError):
    """Shapes that do not fit each other."""


class DtypeError(GlassworkError, TypeError):
    """A dtype that cannot do what was asked of it."""


class TapeError(GlassworkError, RuntimeError):
    """A gradient that cannot be had from this tape."""


class GradientMismatchError(GlassworkError, AssertionError):
    """A derivative rule that differs from the difference quotient of its function."""


class StateError(GlassworkError, ValueError):
    """A state dict that does not fit the module it was meant for."""


class OptionError(GlassworkError, ValueError):
    """An argument outside what it may be."""


class DataError(GlassworkError, ValueError):
    """Data, or a file, that cannot be used."""


class UnsupportedError(GlassworkError, TypeError):
    """Something that tensors do not do, with what to do instead."""


class CompileError(GlassworkError, TypeError):
    """A step cannot be written as a program that holds for every batch."""


class MissingExtraError(GlassworkError, ImportError):
    """An optional package that is needed and is not installed."""

    @classmethod
    def of(cls, extra: str, package: str, purpose: str) -> MissingExtraError:
        """The error for `package`, which the extra `extra` installs and `purpose` needs.

        >>> print(MissingExtraError.of("app", "matplotlib", "drawing learning curves"))
        drawing learning curves needs matplotlib, which is not installed.
          Install it with: pip install 'glasswork[app]'
        """
        return cls(
            f"{purpose} needs {package}, which is not installed.\n"
            f"  Install it with: pip install 'glasswork[{extra}]'"
        )
