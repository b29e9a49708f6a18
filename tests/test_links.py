"""What a document links to is there: files, quoted lines of code, and tests by their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/**/*.md"))]
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[(?P<text>(?:`[^`]*`|[^\]`])*)\]\((?P<target>[^)\s]+)\)")


class Link(NamedTuple):
    """A link of a page, and what it promises."""

    page: Path
    text: str
    target: str

    @property
    def problem(self) -> str | None:
        """What is missing at its other end, or None."""
        name, _, fragment = self.target.partition("#")
        path = (self.page.parent / name) if name else self.page
        if not path.exists():
            return f"{self.target}: there is no such file"
        if path.suffix == ".md" and fragment and fragment not in headings(path):
            return f"{self.target}: there is no such heading"
        if path.suffix != ".py":
            return None
        source = path.read_text(encoding="utf-8")
        if fragment and not re.search(rf"^def {re.escape(fragment)}(_|\()", source, re.MULTILINE):
            return f"{self.target}: there is no such test"
        quoted = re.fullmatch(r"`([^`]*)`", self.text)
        if quoted and not name.endswith(quoted[1]) and squeezed(quoted[1]) not in squeezed(source):
            return f"{self.target}: there is no such line: {quoted[1]}"
        return None


def links(page: Path) -> Iterator[Link]:
    """The links of a page, and its pictures, to what is in this repository."""
    text = re.sub(
        r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    for found in LINK.finditer(text):
        if "://" not in found["target"]:
            yield Link(page, found["text"], found["target"])


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def squeezed(code: str) -> str:
    """Code without its spaces and line breaks."""
    return "".join(code.split())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_what_it_says(page):
    problems = [link.problem for link in links(page) if link.problem]
    assert not problems, "\n".join(problems)


def test_what_is_missing_is_told_apart(tmp_path):
    (tmp_path / "code.py").write_text("def test_one():\n    return 1\n")
    page = tmp_path / "page.md"
    page.write_text(
        "# Head line\n[gone](gone.py) [`return  1`](code.py) [`return 2`](code.py)\n"
        "[a](code.py#test_one) [b](code.py#test_two) [c](#head-line) [d](#foot)\n"
        "```\n[e](in_a_block.py)\n```\n[f](https://example.org)\n"
    )
    problems = [link.problem for link in links(page) if link.problem]
    assert [problem.rpartition(" ")[2] for problem in problems] == ["file", "2", "test", "heading"]
