"""HTML, written: elements whose text is escaped unless it is HTML already, and pictures in them."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Mapping
from html import escape
from struct import pack
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Child", "Html", "drawing", "element", "facts", "ink", "joined", "png", "scrollable", "table",
]  # fmt: skip

# Control characters, halves of pairs, and what Unicode will never be: no HTML may hold them.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
VOID = {"br", "col", "img", "link", "meta"}


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child = str | int | float | None | Iterable["Child"]


def element(name: str, *children: Child, **attributes: str | float | None) -> Html:
    """An element with its attributes and what is in it; None, as either, is left out.

    In names of attributes, an underscore at the end is dropped and others become hyphens.

    Examples
    --------
    >>> element("p", "1 < 2, ", element("b", "so"), class_="note", aria_label="it's")
    '<p class="note" aria-label="it&#x27;s">1 &lt; 2, <b>so</b></p>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_text(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in VOID:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{joined(*children)}</{name}>")


def joined(*children: Child) -> Html:
    """Children one after the other."""
    return Html("".join(map(_written, children)))


def facts(told: Mapping[str, Child]) -> Html:
    """A list of names, each with what is told of it; what is None or empty is left out."""
    pairs = [(element("dt", k), element("dd", v)) for k, v in told.items() if v not in (None, "")]
    return element("dl", pairs, class_="facts")


def drawing(
    title: str, width: float, height: float, *children: Child, **attributes: str | float | None
) -> Html:
    """An SVG, which is one picture to those who cannot see it."""
    box = f"0 0 {width:g} {height:g}"
    return element("svg", element("title", title), *children, viewBox=box, role="img", **attributes)


def table(
    caption: str, head: Iterable[Child], rows: Iterable[Iterable[Child]], class_: str | None = None
) -> Html:
    """A table whose first column heads its rows."""
    body = []
    for row in rows:
        first, *rest = row
        cells = (cell if _is_cell(cell) else element("td", cell) for cell in rest)
        body.append(element("tr", element("th", first, scope="row"), cells))
    titles = [element("th", title, scope="col") for title in head]
    drawn = element(
        "table",
        element("caption", caption),
        element("thead", element("tr", titles)),
        element("tbody", body),
        class_=class_,
    )
    return scrollable(caption, drawn)


def scrollable(label: str, child: Html) -> Html:
    """What may be wider than the page, with the keyboard too."""
    return element("div", child, class_="wide", role="region", tabindex=0, aria_label=label)


def _is_cell(child: Child) -> bool:
    return isinstance(child, Html) and child.startswith("<td")


def _written(child: Child) -> str:
    if child is None:
        return ""
    if isinstance(child, str | int | float):
        return child if isinstance(child, Html) else _text(str(child))
    return "".join(map(_written, child))


def _text(text: str) -> str:
    return escape(FORBIDDEN.sub("\ufffd", text))


def png(picture: NDArray[Any]) -> str:
    """A picture as the address of an image.

    Parameters
    ----------
    picture : array of uint8
        Grey, (rows, columns), or red, green and blue, (rows, columns, 3).

    Examples
    --------
    >>> png(np.zeros((2, 2), np.uint8))[:30]
    'data:image/png;base64,iVBORw0K'
    """
    rows, columns = picture.shape[:2]
    kind = 2 if picture.ndim == 3 else 0
    lines = b"".join(b"\0" + row.tobytes() for row in np.ascontiguousarray(picture))
    head = pack(">IIBBBBB", columns, rows, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")]
    file = b"\x89PNG\r\n\x1a\n" + b"".join(
        pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
    return "data:image/png;base64," + b64encode(file).decode()


def ink(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Numbers as shades of grey: the largest is black, and 0, or the least, white."""
    low, high = min(float(values.min()), 0.0), float(values.max())
    share = (values - low) / ((high - low) or 1.0)
    return (255 - 255 * share).round().astype(np.uint8)
