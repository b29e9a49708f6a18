"""The command `glasswork`, which is also `python -m glasswork`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from .cli.parser import build_parser
from .errors import GlassworkError

__all__ = ["main"]

FAILED, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and tell an error in one line.

    Returns
    -------
    int
        The exit code: 0, or 2 after an error, or 130 after Ctrl-C.
    """
    options = build_parser().parse_args(arguments)
    try:
        code: int = options.run(options)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads our output has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except (GlassworkError, OSError) as error:
        print(f"glasswork {options.command}: error: {_one_line(error)}", file=sys.stderr)
        return FAILED
    return code


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


if __name__ == "__main__":
    sys.exit(main())
