"""Names for what a page speaks of, from the paths of modules and from what the calls do.

The weights of `model.hidden` are `hidden_weights`, and their gradient is `d_hidden_weights`. Layers
that are only numbered get names for what they are: the last Linear of a Sequential is `output`, the
ones before it are `hidden_1`, `hidden_2`, …, and an activation is `relu_1`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from keyword import iskeyword

from ..nn.linear import Linear
from ..nn.module import Module
from ..nn.tree import Tree, walk

__all__ = ["NOUNS", "RESULTS", "Names", "identifier", "module_names"]

NOUNS = {  # of what calls give
    "np.exp": "exponentials", "np.expm1": "exponentials", "np.log": "logarithms",
    "np.log1p": "logarithms", "np.logaddexp": "logarithms", "np.maximum.reduce": "largest",
    "np.maximum": "largest", "np.minimum.reduce": "smallest", "np.minimum": "smallest",
    "np.add.reduce": "sums", "np.add": "sums", "np.subtract": "differences",
    "np.multiply": "products", "np.dot": "products", "np.matmul": "products", "np.vdot": "product",
    "np.divide": "quotients", "np.square": "squares", "np.sqrt": "roots", "np.power": "powers",
    "np.sign": "signs", "np.absolute": "sizes", "np.negative": "negatives", "np.clip": "clipped",
    "np.copysign": "signed", "np.where": "chosen", "take": "rows", "[]": "chosen",
    "astype": "numbers", "random": "draws", "np.less": "mask", "np.less_equal": "mask",
    "np.greater": "mask", "np.greater_equal": "mask", "np.equal": "mask", "np.not_equal": "mask",
    "gradient_norm": "norm", "clipping_factor": "factor",
    "+": "sum", "-": "difference", "*": "product", "/": "quotient", "**": "power",
}  # fmt: skip
RESULTS = {  # of ops, where their own name is not the best one
    "abs": "sizes", "add": "sums", "astype": "numbers", "broadcast_to": "rows",
    "concatenate": "joined", "divide": "quotients", "einsum": "products", "exp": "exponentials",
    "expm1": "exponentials", "getitem": "chosen", "log": "logarithms", "log1p": "logarithms",
    "matmul": "products", "max": "largest", "maximum": "largest", "min": "smallest",
    "minimum": "smallest", "multiply": "products", "negative": "negatives", "pad": "padded",
    "power": "powers", "sign": "signs", "sqrt": "roots", "square": "squares", "stack": "stacked",
    "subtract": "differences", "sum": "sums", "transpose": "turned", "uniform_like": "draws",
    "var": "variance", "where": "chosen",
}  # fmt: skip


class Names:
    """Names that are taken, so that none is given twice."""

    def __init__(self, taken: Iterator[str] | tuple[str, ...] = ()) -> None:
        self._taken = set(taken)

    def new(self, *wishes: str) -> str:
        """The first of these that is free, or the last of them with a number."""
        for wish in wishes:
            name = identifier(wish)
            if name not in self._taken:
                break
        else:
            numbers = (f"{identifier(wishes[-1])}_{i}" for i in range(2, 10**9))
            name = next(name for name in numbers if name not in self._taken)
        self._taken.add(name)
        return name


def identifier(text: str) -> str:
    """Text as a name in Python.

    >>> identifier("0.weights"), identifier("class")
    ('_0_weights', 'class_')
    """
    name = re.sub(r"\W", "_", text) or "value"
    if name[0].isdigit():
        name = f"_{name}"
    return f"{name}_" if iskeyword(name) else name


def module_names(trees: Mapping[str, Tree]) -> dict[str, str]:
    """What a page calls the module at each path; the root's own name only if there are several."""
    networks = [name for name, tree in trees.items() if any(_parameters(tree))]
    names = {}
    for root, tree in trees.items():
        modules = {path: node for path, node in walk(tree) if isinstance(node, Module)}
        short = {path: _short(path, modules) for path in modules}
        for path in modules:
            parts = [short.get(path[: m.start()], "") for m in re.finditer(r"\.|$", path) if path]
            lead = [root] if root in networks and (len(networks) > 1 or not parts) else []
            names[f"{root}.{path}" if path else root] = "_".join([*lead, *filter(None, parts)])
    return names


def _parameters(tree: Tree) -> Iterator[str]:
    return (path for path, node in walk(tree) if not isinstance(node, Tree))


def _short(path: str, modules: Mapping[str, Module]) -> str:
    """The last part of a path; of a numbered layer, what it is."""
    parent, _, last = path.rpartition(".")
    if not last.isdigit():
        return last
    kind = type(modules[path]).__name__.lower()
    if not isinstance(modules[path], Linear):
        return f"{kind}_{last}"
    linear = [
        other
        for other, module in modules.items()
        if other.rpartition(".")[0] == parent
        and other.rpartition(".")[2].isdigit()
        and isinstance(module, Linear)
    ]
    place = linear.index(path) + 1
    if place == len(linear):
        return "output"
    return "hidden" if len(linear) == 2 else f"hidden_{place}"
