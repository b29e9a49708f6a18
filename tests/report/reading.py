"""Reading what a report says."""

from __future__ import annotations

from xml.etree.ElementTree import Element

__all__ = ["text_of"]


def text_of(element: Element) -> str:
    """All text in an element."""
    return "".join(element.itertext())
