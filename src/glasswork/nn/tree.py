"""A network is a tree of objects: what hangs on it is found by looking, and is never registered.

Looked into are the attributes of a `Tree`, and the lists, tuples and dicts among them, however
deep. Each thing is met once, by identity: tied weights count once, and a layer that is used twice
is one layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..errors import UnsupportedError
from .parameter import Buffer, Parameter

__all__ = ["Node", "Tree", "held", "kept", "nodes", "walk"]


class Tree:
    """Anything whose attributes hold parameters, buffers or further trees."""

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if vars(cls).get("__slots__"):
            raise UnsupportedError(
                f"{cls.__name__} has __slots__, where nothing looks for parameters.\n"
                "  Leave them out, and slots=True with a dataclass."
            )


Node = Tree | Parameter | Buffer


def walk(root: Tree) -> Iterator[tuple[str, Node]]:
    """Everything on a tree with its path, such as "layers.1.weights"; first the root, "".

    Examples
    --------
    >>> branch, root = Tree(), Tree()
    >>> branch.weights = Parameter([1.0])
    >>> root.layers = [branch, branch]
    >>> [path for path, _ in walk(root)]
    ['', 'layers.0', 'layers.0.weights']
    """
    return _visit("", root, set())


def _visit(path: str, node: Node, seen: set[int]) -> Iterator[tuple[str, Node]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    yield path, node
    if isinstance(node, Tree):
        for name, part in held(node):
            yield from _visit(_joined(path, name), part, seen)


def held(tree: Tree) -> Iterator[tuple[str, Node]]:
    """What a tree holds itself, with its path from there; twice what it holds twice.

    The attribute `children` leaves no name in the path: the first child's path is "0".
    """
    for name, value in list(vars(tree).items()):
        yield from nodes(value, "" if name == "children" else name)


@contextmanager
def kept(trees: Sequence[Tree]) -> Iterator[None]:
    """Put all attributes of these trees back in the end."""
    before = [vars(tree).copy() for tree in trees]
    try:
        yield
    finally:
        for tree, attributes in zip(trees, before, strict=True):
            vars(tree).clear()
            vars(tree).update(attributes)


def nodes(
    value: object, path: str = "", around: tuple[int, ...] = ()
) -> Iterator[tuple[str, Node]]:
    """The node that a value is, or those in it if it is a list, a tuple or a dict."""
    if isinstance(value, Tree | Parameter | Buffer):
        yield path, value
    elif isinstance(value, list | tuple | dict) and id(value) not in around:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from nodes(part, _joined(path, key), (*around, id(value)))


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)
