"""The tape as a reader sees it: the article's γ₁ … γₙ, one line each."""
from __future__ import annotations
from .tape import Entry, Graph
class Tape:
    def __init__(self, output: Entry) -> None:
        self.output = output
