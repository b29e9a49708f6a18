"""The command `glasswork`, which is also `python -m glasswork`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from .errors import GlassworkError

__all__ = ["main"]

FAILED, INTERRUPTED = 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and tell an error in one line.

    What the encoding of standard output has no letter for is escaped, as on standard error.

    Returns
    -------
    int
        The exit code: 0, or 2 after an error, or 130 after Ctrl-C.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED


def _run(arguments: Sequence[str] | None) -> int:
    from .cli.output import one_line, silence  # here, so that Ctrl-C may come while they load
    from .cli.parser import build_parser
    from .cli.run_folder import check_resumed, options_of

    options = build_parser().parse_args(arguments)
    try:
        if getattr(options, "resume", None) is not None:
            begun = options_of(options.resume)
            options = build_parser(begun).parse_args(arguments)
            check_resumed(options, begun)
        code: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever reads our output has seen enough, as `head` has
        silence()
        return FAILED
    except (GlassworkError, OSError, MemoryError) as error:
        print(f"glasswork {options.command}: error: {one_line(error)}", file=sys.stderr)
        return FAILED
    return code


if __name__ == "__main__":
    sys.exit(main())
