"""The walked backward pass: what it shows is the gradient, and the article's order is not."""

from __future__ import annotations

import numpy as np
import pytest

import glasswork as gw
from glasswork.errors import OptionError, ShapeError, TapeError, UnsupportedError

from .drawn_graphs import drawn, slopes

GRAPHS = 1000


def worked_example() -> gw.Tensor:
    x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    return x1 * x2 + np.sin(x1)


def article_example() -> tuple[gw.Tensor, gw.Tensor]:
    a = gw.Tensor(3.0, requires_grad=True)
    x = 2 * a
    return a, x * x


def test_the_contributions_shown_add_up_to_the_gradient_in_a_thousand_drawn_graphs():
    shared = 0
    for seed in range(GRAPHS):
        graph = drawn(seed)
        tensors = graph.tensors()
        loss = graph.loss(tensors)
        added = {tensor: np.zeros(tensor.shape) for tensor in tensors}
        for visit in gw.walk(loss):
            assert not visit.missing and not visit.times and not visit.fault
            for contribution in visit.contributions:
                if contribution.entry in added:
                    added[contribution.entry] += contribution.value
                shared += contribution.to_come > 0
        for tensor, slope in zip(tensors, slopes(graph), strict=True):
            # Differences of step 1e-5 in float64 are off by the third derivative times 2e-11.
            np.testing.assert_allclose(added[tensor], slope, rtol=1e-6, atol=1e-6, err_msg=seed)
    assert shared > 5 * GRAPHS  # many values have several uses


def test_the_sums_in_the_end_are_the_gradient_that_backward_leaves_bit_for_bit():
    for seed in range(GRAPHS):
        graph = drawn(seed)
        tensors = graph.tensors()
        loss = graph.loss(tensors)
        found = gw.walk(loss).gradients
        assert all(tensor._grad is None for tensor in tensors)
        loss.backward()
        for tensor in tensors:
            assert np.array_equal(found.get(tensor, 0), tensor.grad), seed


def test_the_worked_example_is_walked_from_the_newest_value_back():
    walk = gw.walk(worked_example())
    assert [visit.made_of for visit in walk] == ["γ₃ + γ₄", "sin(γ₁)", "γ₁ · γ₂"]
    sine, product = walk[1], walk[2]
    (share,) = sine.contributions
    assert (sine.name, sine.upstream, share.name, share.position) == ("γ₄", 1, "γ₁", 0)
    assert share.slope == np.cos(np.float32(2)) and share.to_come == 1
    assert [c.total.round(3) for c in product.contributions] == [np.float32(2.584), 2]
    assert [c.to_come for c in product.contributions] == [0, 0]


def test_each_use_of_a_value_is_told_apart():
    x = gw.Tensor(3.0, requires_grad=True)
    (visit,) = gw.walk(x * x)
    assert [(c.position, c.value, c.total, c.to_come) for c in visit.contributions] == [
        (0, 3, 3, 1),
        (1, 3, 6, 0),
    ]


def test_a_walk_leaves_no_gradient_and_needs_none():
    a, y = article_example()
    y.backward()
    gw.walk(y), gw.walk(y, order="article").gradients
    assert a.grad == 24


def test_the_place_moves_forth_and_back():
    walk = gw.walk(worked_example())
    assert walk.current.name == "γ₅" and walk.next().name == "γ₄" and walk.next().name == "γ₃"
    assert walk.position == 2 and walk.previous().name == "γ₄" and walk.go(0).name == "γ₅"
    assert repr(walk) == "Walk of 3 steps in the right order, now at 0"
    for beyond in (walk.previous, lambda: walk.go(3), lambda: walk.go(-1)):
        with pytest.raises(OptionError, match=r"there is no step -?\d.\n  They go from 0 to 2"):
            beyond()
    assert walk.position == 0


def test_a_walk_is_a_sequence():
    walk = gw.walk(worked_example())
    assert len(walk) == 3 and walk[-1].name == "γ₃" and [v.name for v in walk[1:]] == ["γ₄", "γ₃"]
    with pytest.raises(IndexError):
        walk[3]


def test_a_notebook_shows_a_walk_as_a_table():
    walk = gw.walk(worked_example())
    walk.names[walk.output.tape[0]] = "<x> & y"
    page = walk._repr_html_()
    assert page.startswith("<table><tr><th>step</th><th>left</th>")
    assert page.count("<tr>") == 6 and "<td>g · cos(&lt;x&gt; &amp; y)</td>" in page


def test_sums_grow_and_what_is_to_come_shrinks():
    walk = gw.walk(worked_example())
    leaf = walk.output.tape[0]
    assert [leaf in walk.sums(i) for i in range(3)] == [False, True, True]
    assert [walk.to_come(i)[leaf] for i in range(3)] == [2, 1, 0]
    assert walk.sums() == walk.sums(0) and walk.sums()[walk.output] == 1
    assert walk.gradients[leaf] == walk.sums(2)[leaf] == walk.sums(-1)[leaf]


def test_what_no_gradient_reaches_is_not_visited():
    x, z = gw.Tensor([1.0, 2.0], requires_grad=True), gw.Tensor([0.0, 1.0], requires_grad=True)
    y = gw.functional.where(z * 1.0, x, 0.0)  # of a condition there is no derivative
    assert [visit.made_of for visit in gw.walk(y, [1.0, 1.0])] == ["where(γ₃, γ₁, 0)"]


def test_more_than_one_element_takes_a_seed():
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    y = x * x
    assert gw.walk(y, seed=[1.0, 10.0]).gradients[x].tolist() == [2, 40]
    with pytest.raises(TapeError, match="no single gradient"):
        gw.walk(y)
    with pytest.raises(ShapeError, match="seed has another shape"):
        gw.walk(y, seed=[1.0])


def test_what_cannot_be_walked_is_refused():
    with pytest.raises(UnsupportedError, match=r"walk: this is a float, and no tensor"):
        gw.walk(3.0)
    for leaf in (gw.Tensor(1.0), gw.Tensor(1.0, requires_grad=True)):
        with pytest.raises(TapeError, match="no recorded operation made this tensor"):
            gw.walk(leaf)
    with pytest.raises(OptionError, match=r"order is 'wrong'.\n  Pass 'right' or 'article'"):
        gw.walk(worked_example(), order="wrong")


def test_a_leaf_that_has_changed_is_told():
    w = gw.Parameter([1.0, 2.0])
    loss = (w * w).sum()
    w.els = [5.0, 6.0]
    with pytest.raises(TapeError, match="given a new value since it was used"):
        gw.walk(loss)


def test_the_articles_order_gives_its_wrong_sums():
    a, y = article_example()
    walk = gw.walk(y, order="article")
    assert walk.gradients[a] == 48 and gw.walk(y).gradients[a] == 24
    assert [visit.times for visit in walk] == [0, 0, 1]
    assert walk[2].fault == "left 2 times by now"
    b = gw.Tensor(0.5, requires_grad=True, dtype=float)
    h = 2 * b
    walk = gw.walk(h + h.sigmoid(), order="article")
    assert walk.gradients[b] == pytest.approx(4.393224)
    assert [visit.name for visit in walk] == ["γ₄", "γ₂", "γ₃", "γ₂"]
    assert walk[1].fault == "too early: 1 to come"


def test_without_sharing_the_articles_order_gives_the_right_sums():
    x, w = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    y = np.sin(x * w)
    assert gw.walk(y, order="article").gradients == gw.walk(y).gradients


def test_the_articles_tape_that_is_too_long_is_counted_and_not_walked():
    x = gw.Tensor(1.0, requires_grad=True)
    for _ in range(17):
        x = x + x
    with pytest.raises(OptionError, match="the article's tape of this value has 131,071 entries"):
        gw.walk(x, order="article")
    assert len(gw.walk(x)) == 17


def test_side_by_side_the_lines_that_differ_are_marked():
    _, y = article_example()
    lines = gw.walk(y).beside().splitlines()
    assert [line for line in lines if "≠" in line] == [
        "                             ≠  γ₂ → γ₁        24       48   left 2 times by now",
        "γ₁                    24     ≠  γ₁                      48",
    ]
    assert "≠" not in gw.walk(y).beside(gw.walk(y))


def test_a_step_of_the_optimizer_changes_no_number_of_a_walk():
    w = gw.Parameter([1.0, 2.0])
    loss = (w * w).sum()
    walk = gw.walk(loss)
    before = [contribution.cells[3:] for visit in walk for contribution in visit.contributions]
    loss.backward()
    gw.SGD([w], 0.1).step()
    assert w.els[0] != 1 and walk.gradients[w].tolist() == [2, 4]
    shown = [contribution for visit in walk for contribution in visit.contributions]
    assert [contribution.cells[3:] for contribution in shown] == before
    assert shown[-1].slope is None  # of the value that it had then it is not known any more


def test_values_can_be_given_names():
    walk = gw.walk(worked_example())
    walk.names[walk.output.tape[0]] = "x₁"
    (contribution,) = walk[1].contributions
    assert (walk[1].made_of, contribution.name, contribution.rule) == (
        "sin(x₁)",
        "x₁",
        "g · cos(x₁)",
    )
