"""What a preflight has found, as a table that says what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

__all__ = ["Finding", "Preflight", "Verdict"]

Verdict = Literal["ok", "look", "wrong", "–"]


class Finding(NamedTuple):
    """What one check has come to.

    Attributes
    ----------
    check : str
        What was looked at.
    verdict : "ok", "look", "wrong" or "–"
        The last if it could not be looked at.
    seen : str
        The numbers.
    advice : str
        What to do, if anything.
    """

    check: str
    verdict: Verdict
    seen: str
    advice: str = ""


class Preflight:
    """The findings of all checks; printed as a table.

    Attributes
    ----------
    findings : tuple of Finding
        In their order.

    Examples
    --------
    >>> Preflight([Finding("data", "ok", "finite"), Finding("loss", "look", "31", "Scale it.")])
    data  ok    finite
    loss  look  31
                → Scale it.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong, and nothing has to be looked at."""
        return all(finding.verdict in ("ok", "–") for finding in self.findings)

    def __getitem__(self, check: str) -> Finding:
        """The finding of a check, by its name."""
        return {finding.check: finding for finding in self.findings}[check]

    def __repr__(self) -> str:
        width = max(len(finding.check) for finding in self.findings)
        lines = []
        for check, verdict, seen, advice in self.findings:
            lines.append(f"{check:{width}}  {verdict:5} {seen}".rstrip())
            lines += [f"{'':{width}}        → {advice}"] if advice else []
        return "\n".join(lines)
