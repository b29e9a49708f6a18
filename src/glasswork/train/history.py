"""What every epoch of a training came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import OptionError

__all__ = ["History"]

WIDTH = 9  # of a column of numbers, unless its heading is longer


class History:
    """One row of numbers for each epoch, such as its loss and its learning rate.

    Two histories are equal when their numbers are, bit for bit. The seconds that the epochs took
    stand apart: the same seed on the same machine gives the same numbers, in another time.

    Attributes
    ----------
    columns : dict of lists
        The numbers by name, one for each epoch. `history["loss"]` is `history.columns["loss"]`.
    seconds : list of float
        How long each epoch took.
    stopped : str or None
        Why the training ended before its last epoch, if it did.

    Examples
    --------
    >>> history = History()
    >>> history.add({"loss": 0.5, "accuracy": 0.8}, seconds=0.01)
    >>> history.add({"loss": 0.25, "accuracy": 0.95}, seconds=0.01)
    >>> history["loss"], len(history)
    ([0.5, 0.25], 2)
    >>> print(history)
    epoch       loss   accuracy  seconds
        1     0.5000     0.8000     0.01
        2     0.2500     0.9500     0.01
    """

    def __init__(self) -> None:
        self.columns: dict[str, list[float]] = {}
        self.seconds: list[float] = []
        self.stopped: str | None = None

    def open(self, names: Iterable[str]) -> None:
        """Make the columns for the epochs to come.

        Raises
        ------
        OptionError
            If there are other columns already.
        """
        columns: dict[str, list[float]] = {name: [] for name in names}
        if self.columns and columns.keys() != self.columns.keys():
            raise OptionError(
                "History: the numbers to come are others than those that are there.\n"
                f"  They are {', '.join(columns)}; there are {', '.join(self.columns)}.\n"
                "  Go on with the same metrics and kinds of data, or begin a new History."
            )
        self.columns = self.columns or columns

    def add(self, numbers: Mapping[str, float], seconds: float) -> None:
        """Write the row of one more epoch, into the columns that the first one made.

        Raises
        ------
        OptionError
            If there are other columns.
        """
        self.open(numbers)
        for name, number in numbers.items():
            self.columns[name].append(float(number))
        self.seconds.append(seconds)

    def last(self) -> dict[str, float]:
        """The numbers of the last epoch; none before the first.

        Examples
        --------
        >>> History().last()
        {}
        """
        return {name: column[-1] for name, column in self.columns.items() if column}

    def as_dict(self) -> dict[str, Any]:
        """All of it in the words of JSON: columns, seconds and stopped."""
        return {"columns": self.columns, "seconds": self.seconds, "stopped": self.stopped}

    def restore(self, words: Mapping[str, Any]) -> None:
        """Become the history that `as_dict` gave."""
        self.columns, self.seconds = words["columns"], words["seconds"]
        self.stopped = words["stopped"]

    def __getitem__(self, name: str) -> list[float]:
        try:
            return self.columns[name]
        except KeyError:
            raise OptionError(
                f"History: there are no numbers called {name!r}.\n"
                f"  There are {', '.join(self.columns) or 'none yet'}.\n"
                "  Pass fit the metrics and the validation data that are wanted."
            ) from None

    def __len__(self) -> int:
        """How many epochs there are."""
        return len(self.seconds)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        return repr(self.columns) == repr(other.columns)  # where NaN is NaN, and no bit is lost

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        """The table of all epochs, without the gradient norms of single parameters."""
        table = Table(self.columns)
        lines = [table.heading()]
        for epoch, seconds in enumerate(self.seconds):
            numbers = {name: column[epoch] for name, column in self.columns.items()}
            lines.append(table.row(epoch + 1, numbers, seconds))
        return "\n".join(lines)

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {_shown(number)}" for name, number in self.last().items())
        return f"<History: {len(self)} epochs{last and '; the last: '}{last}>"


class Table:
    """The lines of a table of epochs: the norms of single gradients are left out.

    Parameters
    ----------
    names : iterable of str
        The columns of a history.
    held_out : str
        What to call the validation data.
    """

    def __init__(self, names: Iterable[str], held_out: str = "validation") -> None:
        shown = [name for name in names if not name.startswith("gradient_norm.")]
        self._titles = {n: n.replace("validation", held_out).replace("_", " ") for n in shown}

    def heading(self) -> str:
        """The first line: what the columns hold."""
        titles = [f"{title:>{WIDTH}}" for title in self._titles.values()]
        return "  ".join(["epoch", *titles, "seconds"])

    def row(self, epoch: int, numbers: Mapping[str, float], seconds: float) -> str:
        """The line of one epoch."""
        widths = {name: max(WIDTH, len(title)) for name, title in self._titles.items()}
        cells = [f"{_shown(numbers[name]):>{width}}" for name, width in widths.items()]
        return "  ".join([f"{epoch:>5}", *cells, f"{seconds:>7.2f}"])


def _shown(number: float) -> str:
    return f"{number:#.4g}"
