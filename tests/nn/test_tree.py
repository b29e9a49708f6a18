"""What hangs on a tree is found by looking."""

from __future__ import annotations

import gc

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.errors import UnsupportedError
from glasswork.nn import Buffer, Parameter
from glasswork.nn.tree import Tree, held, nodes, walk


def tree(**attributes: object) -> Tree:
    made = Tree()
    vars(made).update(attributes)
    return made


def paths(root: Tree) -> list[str]:
    return [path for path, _ in walk(root)]


def test_attributes_lists_tuples_and_dicts_are_looked_into_however_deep():
    p = [Parameter([1.0]) for _ in range(4)]
    root = tree(a=p[0], b=[p[1], (p[2],)], c={"d": [p[3]]})
    assert paths(root) == ["", "a", "b.0", "b.1.0", "c.d.0"]


def test_trees_in_trees_are_looked_into():
    inner = tree(weights=Parameter([1.0]))
    assert paths(tree(layers=[inner])) == ["", "layers.0", "layers.0.weights"]


def test_children_leave_no_name_in_the_path():
    inner = tree(weights=Parameter([1.0]))
    assert paths(tree(children=(inner,))) == ["", "0", "0.weights"]


def test_a_thing_that_hangs_in_two_places_is_met_once_at_the_first():
    shared = Parameter([1.0])
    assert paths(tree(a=shared, b=shared)) == ["", "a"]


def test_equal_parameters_that_are_not_the_same_are_both_met():
    assert paths(tree(a=Parameter([1.0]), b=Parameter([1.0]))) == ["", "a", "b"]


def test_a_tree_that_holds_itself_ends():
    root = tree(a=Parameter([1.0]))
    root.parent = root
    assert paths(root) == ["", "a"]


def test_a_list_that_holds_itself_ends():
    items: list[object] = [Parameter([1.0])]
    items.append(items)
    assert paths(tree(items=items)) == ["", "items.0"]


def test_buffers_are_met_and_plain_tensors_arrays_and_numbers_are_not():
    root = tree(a=Tensor([1.0], requires_grad=True), b=np.ones(3), c=3, d="text", e=Buffer([1.0]))
    assert paths(root) == ["", "e"]


def test_attributes_may_be_set_while_walking():
    root = tree(a=Parameter([1.0]), b=Parameter([1.0]))
    for path, _ in walk(root):
        setattr(root, f"seen_{path}", True)
    assert paths(root) == ["", "a", "b"]


def test_held_tells_what_a_tree_holds_itself_and_twice_what_it_holds_twice():
    inner = tree(weights=Parameter([1.0]))
    assert [name for name, _ in held(tree(a=inner, b=[inner]))] == ["a", "b.0"]


def test_nodes_are_those_in_a_value():
    w = Parameter([1.0])
    assert list(nodes([w, 3])) == [("0", w)]
    assert list(nodes(3)) == []


def test_a_walk_leaves_nothing_to_the_garbage_collector():
    root = tree(layers=[tree(weights=Parameter([1.0]))])
    while gc.collect():  # what other tests have left, to its end
        pass
    gc.disable()
    try:
        paths(root)
        assert gc.collect() == 0
    finally:
        gc.enable()


def test_slots_would_hide_parameters():
    with pytest.raises(UnsupportedError, match=r"Hidden has __slots__(?s:.*)Leave them out"):

        class Hidden(Tree):
            __slots__ = ("weights",)
