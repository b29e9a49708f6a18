"""Where the boxes of a drawing stand: in layers, each box above those that its value went into.

Sugiyama, Tagawa and Toda, 1981: layers by longest paths, the order within them by barycentres. An
edge that passes layers runs through a point in each of them; edges from one box share these points.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Layout", "layered"]

_SWEEPS = 12
_BESIDE = 24.0  # between neighbours

Point = tuple[float, float]


class Layout(NamedTuple):
    """Where things stand, from the upper left corner."""

    width: float
    height: float
    boxes: list[Point]  # the middle of each box's upper edge
    edges: list[
        list[Point]
    ]  # of each edge, where it passes the upper edges of layers; then its end


class _Stop(NamedTuple):
    """A box, or a point that an edge passes: where it stands, and what it is linked with."""

    width: float
    above: list[int]
    below: list[int]


def layered(widths: Sequence[float], edges: Sequence[tuple[int, int]], step: float) -> Layout:
    """The layout of a graph whose boxes are numbered such that edges lead to higher numbers.

    Parameters
    ----------
    widths : sequence of float
        Of each box.
    edges : sequence of (int, int)
        From which box to which; several from one to another are allowed.
    step : float
        From one layer to the next.

    Examples
    --------
    >>> layered([60.0, 60.0, 60.0], [(0, 2), (1, 2)], step=90.0).boxes
    [(30.0, 0.0), (114.0, 0.0), (72.0, 90.0)]
    """
    depths = _depths(len(widths), edges)
    stops, layers, paths = _stops(widths, edges, depths)
    _order(stops, layers)
    x = _across(stops, layers)
    left = min(x[i] - stop.width / 2 for i, stop in enumerate(stops))
    y = {i: depth * step for depth, layer in enumerate(layers) for i in layer}
    places = [(x[i] - left, y[i]) for i in range(len(stops))]
    return Layout(
        max(x[i] - left + stop.width / 2 for i, stop in enumerate(stops)),
        len(layers) * step,
        places[: len(widths)],
        [[places[i] for i in path] for path in paths],
    )


def _depths(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The layer of each box, the last one 0: as low as what it goes into allows."""
    height = [0] * count
    for source, target in sorted(edges, key=lambda edge: -edge[1]):
        height[source] = max(height[source], height[target] + 1)
    return [max(height, default=0) - h for h in height]


def _stops(
    widths: Sequence[float], edges: Sequence[tuple[int, int]], depths: Sequence[int]
) -> tuple[list[_Stop], list[list[int]], list[list[int]]]:
    """All stops; the numbers of those in each layer; and the path of each edge over stops."""
    stops = [_Stop(width, [], []) for width in widths]
    layers: list[list[int]] = [[] for _ in range(max(depths, default=-1) + 1)]
    for i in _left_to_right(len(widths), edges):
        layers[depths[i]].append(i)
    passed: dict[tuple[int, int], int] = {}
    paths = []
    for source, target in edges:
        path = [source]
        for depth in range(depths[source] + 1, depths[target]):
            if (source, depth) not in passed:
                passed[source, depth] = len(stops)
                layers[depth].append(len(stops))
                stops.append(_Stop(0.0, [], []))
            path.append(passed[source, depth])
        path.append(target)
        paths.append(path)
    for i, k in dict.fromkeys(link for path in paths for link in pairwise(path)):
        stops[i].below.append(k)
        stops[k].above.append(i)
    return stops, layers, paths


def _left_to_right(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """All boxes in the order of a walk from the last, in which operands keep theirs."""
    into: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        into[target].append(source)
    met: dict[int, None] = {}
    stack = list(range(count))
    while stack:
        i = stack.pop()
        if i not in met:
            met[i] = None
            stack += reversed(into[i])
    return list(met)


def _order(stops: list[_Stop], layers: list[list[int]]) -> None:
    """Sort each layer by the mean place of what its stops are linked with, down and up in turn."""
    place = {i: float(k) for layer in layers for k, i in enumerate(layer)}
    for sweep in range(_SWEEPS):
        up = sweep % 2 == 0
        for layer in reversed(layers) if up else layers:
            around = {i: stops[i].below if up else stops[i].above for i in layer}
            means = {i: _mean([place[k] for k in around[i]], place[i]) for i in layer}
            layer.sort(key=means.__getitem__)
            place.update((i, float(k)) for k, i in enumerate(layer))


def _across(stops: list[_Stop], layers: list[list[int]]) -> list[float]:
    """How far right each stop stands: near what it is linked with, never over a neighbour."""
    x = [0.0] * len(stops)
    for sweep in range(4 * _SWEEPS):
        for layer in layers if sweep % 2 else reversed(layers):
            wishes = []
            for i in layer:
                ways = stops[i].above, stops[i].below
                near = [*ways[sweep % 2 == 0], *(ways[sweep % 2] if sweep > _SWEEPS else ())]
                pulls = [x[k] for k in near for _ in range(_pull(stops[i], stops[k]))]
                wishes.append(_mean(pulls, x[i]))
            places = _apart(wishes, layer, stops)
            for i, place in zip(layer, places, strict=True):
                x[i] = place
    return x


def _pull(stop: _Stop, other: _Stop) -> int:
    """How much a link is to be straight: hardly those of leaves, which stand aside."""
    return 16 if stop.above and other.above else 1


def _apart(wishes: list[float], layer: list[int], stops: list[_Stop]) -> list[float]:
    """The places nearest to the wishes, by least squares, at which neighbours keep their distance.

    Less the widths to their left, places only have to ascend, and pooling those that do not
    gives the least squares (Ayer and others, 1955).
    """
    offsets = [0.0]
    for i, k in pairwise(layer):
        offsets.append(offsets[-1] + (stops[i].width + stops[k].width) / 2 + _BESIDE)
    pools: list[list[float]] = []  # of each the sum of its wishes, their weight and their number
    for i, wish, offset in zip(layer, wishes, offsets, strict=True):
        weight = _pull(stops[i], stops[i])
        pools.append([(wish - offset) * weight, weight, 1])
        while len(pools) > 1 and pools[-2][0] * pools[-1][1] > pools[-1][0] * pools[-2][1]:
            pools[-2:] = [[a + b for a, b in zip(*pools[-2:], strict=True)]]
    means = [total / weight for total, weight, n in pools for _ in range(int(n))]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _mean(numbers: list[float], otherwise: float) -> float:
    return sum(numbers) / len(numbers) if numbers else otherwise
