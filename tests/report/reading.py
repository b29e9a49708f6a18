"""Reading what a report says."""

from __future__ import annotations

from xml.etree.ElementTree import Element

__all__ = ["MATHML", "SVG", "text_of"]

SVG, MATHML = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1998/Math/MathML}"


def text_of(element: Element) -> str:
    """All text in an element."""
    return "".join(element.itertext())
