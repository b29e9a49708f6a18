from __future__ import annotations

import dataclasses
import re
from xml.etree.ElementTree import fromstring

import numpy as np
import pytest

import glasswork as gw
from glasswork.data import Dataset
from glasswork.report.data import data
from glasswork.report.learning import learning
from glasswork.report.network import network
from glasswork.report.program import program
from glasswork.report.results import inputs, results
from glasswork.train import confusion_matrix

from .reading import text_of


def tree(html: str):
    """The element around what a section is made of."""
    closed = re.sub(r"(<(?:img|br)[^>]*)>", r"\1/>", html)
    return fromstring(f"<section>{closed}</section>")


def rows(html: str, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, heads and all."""
    for table in tree(html).iter("table"):
        if text_of(table.find("caption")).startswith(caption):
            return [[text_of(cell) for cell in row] for row in table.iter("tr")]
    raise AssertionError(f"no table {caption}")


def test_the_data_of_classes_are_told_with_their_balance(digits):
    written = data(digits)
    counts = np.bincount(digits.dataset.y)
    for k, (name, count, share) in enumerate(rows(written, "The 10 classes")[1:]):
        assert (name, count) == (str(k), f"{counts[k]:,}")
        assert share == f"{counts[k] / 1797:.1%}"
    bars = [e.get("style") for e in tree(written).iter("span") if e.get("class") == "bar"]
    assert bars[counts.argmax()] == "width:100.0%"


def test_of_pictures_there_is_one_of_each_class(digits):
    images = [image.get("alt") for image in tree(data(digits)).iter("img")]
    assert images == [f"A sample: {k}" for k in range(10)]


def test_of_a_table_there_is_each_column(table):
    kinds = [row[1] for row in rows(data(table), "The columns")[1:]]
    assert kinds == ["number", "category", "target"]


def test_of_values_there_is_their_spread(line):
    written = data(line)
    bars = list(tree(written).iter("rect"))
    counts, _ = np.histogram(line.dataset.y, len(bars))
    heights = [float(bar.get("height")) for bar in bars]
    np.testing.assert_allclose(heights, 96 * counts / counts.max(), atol=0.06)
    assert f"{line.dataset.y.mean():.4g}" in written


def test_of_many_classes_the_largest_are_told(digits):
    y = np.repeat(np.arange(40), np.arange(1, 41))
    x = np.zeros((len(y), 64), np.float32)
    names = tuple(f"c{k}" for k in range(40))
    many = Dataset(name="many", x=x, y=y, task="classification", classes=names)
    found = rows(data(dataclasses.replace(digits, dataset=many)), "The 40 classes, the 30 largest")
    assert [row[0] for row in found[1:]] == [f"c{k}" for k in range(10, 40)]


def test_the_layers_are_told_with_what_they_learn(digits):
    found = rows(network(digits), "The layers, which learn 1,060 numbers")
    assert found[1:] == [
        ["0 Linear(64, 14)", "14", "910", "weights (64, 14), biases (14,)"],
        ["1 ReLU()", "14", "", ""],
        ["2 Linear(14, 10)", "10", "150", "weights (14, 10), biases (10,)"],
    ]


def test_the_network_is_drawn_with_a_line_for_each_weight_that_is_shown(digits):
    drawn = next(tree(network(digits)).iter("svg"))
    paths = list(drawn.iter("path"))
    assert sum(path.get("d").count("M") for path in paths) == 12 * 12 + 12 * 10
    assert {path.get("class") for path in paths} == {"above", "below"}
    widths = [float(path.get("stroke-width")) for path in paths]
    assert widths == sorted(widths) and widths[-1] == 2.6
    texts = [text.text for text in drawn.iter("text")]
    assert {"64 inputs", "14 ReLU", "12 of them shown", "10 outputs", "⋮", "9"} <= set(texts)


def test_a_network_that_is_no_chain_has_a_table_alone(digits):
    class Both(gw.Module):
        def __init__(self):
            self.a, self.b = gw.Linear(64, 10, rng=0), gw.Linear(64, 10, rng=1)

        def forward(self, x):
            return self.a(x) + self.b(x)

    written = network(dataclasses.replace(digits, model=Both()))
    assert "<svg" not in written and len(rows(written, "The layers")) == 3


def test_the_learning_is_drawn_and_told(digits):
    written = learning(digits)
    titles = [text_of(c.find("figcaption")) for c in tree(written).iter("figure")]
    assert titles == [
        "losstraining parttest part",
        "accuracytraining parttest part",
        "learning rate",
    ]
    heads, first, second = rows(written, "What each epoch came to")
    assert heads == ["epoch", "loss", "accuracy", "test loss", "test accuracy", "learning rate"]
    assert [first[0], second[0]] == ["1", "2"]
    assert float(second[3]) == pytest.approx(digits.history["validation_loss"][1], rel=1e-3)


def test_of_many_epochs_some_are_told(digits):
    history = gw.History()
    for epoch in range(500):
        history.add({"loss": 1 / (epoch + 1)}, seconds=0.0)
    written = learning(dataclasses.replace(digits, history=history))
    found = [int(row[0]) for row in rows(written, "What each epoch came to, 40 of 500")[1:]]
    assert (len(found), found[0], found[-1]) == (40, 1, 500)


def test_the_confusion_is_told_by_numbers(digits):
    found = rows(results(digits), "Confusion matrix")
    counts = confusion_matrix(digits.outputs, digits.y)
    assert found[0][1:] == [*"0123456789", "right"]
    for k, row in enumerate(found[1:]):
        assert [int(cell.replace("·", "0")) for cell in row[1:-1]] == counts[k].tolist()
        assert row[-1] == f"{counts[k, k] / counts[k].sum():.0%}"


def test_the_network_stands_beside_a_trivial_prediction(digits):
    found = rows(results(digits), "On the test part")
    assert found[0] == ["measure", "the network", "to compare: always the first"]
    assert found[2] == ["accuracy", f"{digits.result['accuracy']:.2%}", "10.00%"]


def test_the_surest_mistakes_come_first_as_pictures(digits):
    written = results(digits)
    told = [text_of(caption) for caption in tree(written).iter("figcaption")]
    found = [re.fullmatch(r"(\d), taken for (\d)(\d+)% sure", each) for each in told]
    wrong = digits.outputs.argmax(axis=1) != digits.y
    assert len(found) == min(12, wrong.sum()) and all(each[1] != each[2] for each in found)
    assert f"{wrong.sum()} of 359 are wrong" in written


def test_mistakes_in_a_table_are_told_by_their_features(table):
    found = rows(results(table), "Samples of the test part")
    assert found[0] == ["sample", "is", "taken for", "how sure", "<b>size</b>", "color & kind"]
    for row in found[1:]:
        size, _ = table.x[int(row[0])]
        assert row[4] == ("missing" if np.isnan(size) else f"{size:.4g}")
        assert row[5].startswith(("<script>", '"b"', "ж"))


def test_a_network_without_mistakes_says_so(moons):
    right = dataclasses.replace(moons)
    object.__setattr__(right, "outputs", np.eye(2)[moons.y])
    assert "There are none" in results(right)


def test_of_many_classes_what_is_most_often_confused_is_told(digits):
    y = np.arange(40)
    names = tuple(f"c{k}" for k in range(40))
    x = np.zeros((40, 64), np.float32)
    many = Dataset(name="many", x=x, y=y, task="classification", classes=names)
    outputs = np.eye(40)[np.where(y < 3, 7, y)]
    told = dataclasses.replace(digits, dataset=many, x=x, y=y)
    object.__setattr__(told, "outputs", outputs)
    found = rows(results(told), "What is most often confused")
    assert found[1:] == [[f"c{k}", "c7", "1"] for k in range(3)]


def test_values_are_drawn_against_those_that_are_true(line):
    charts = {text_of(f.find("figcaption"))[:9]: f for f in tree(results(line)).iter("figure")}
    (path,) = (p for p in charts["predicted"].iter("path") if p.get("class") == "points")
    assert path.get("d").count("h0") == len(line.y)


def test_the_worst_values_come_first(line):
    found = rows(results(line), "Samples of the test part")
    errors = [abs(float(row[3])) for row in found[1:]]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == pytest.approx(np.abs(line.outputs - line.y).max(), rel=1e-3)
    assert float(found[1][2]) - float(found[1][1]) == pytest.approx(float(found[1][3]), rel=1e-2)


def test_every_input_of_a_plane_has_the_color_of_its_class(moons):
    drawn = tree(inputs(moons))
    marks = [p for p in drawn.iter("path") if p.get("transform")]
    assert len(marks) == len(moons.y)
    assert len({mark.get("d") for mark in marks}) == 2  # told without the color, too
    assert next(drawn.iter("image")).get("href").startswith("data:image/png;base64,")
    assert re.search(r"Across: x1 from -?[\d.]+ to [\d.]+; up: x2", text_of(drawn))


def test_every_input_of_a_line_has_its_value(line):
    drawn = tree(inputs(line))
    assert text_of(drawn).startswith("What the network says of every input")
    assert {"points", "first"} <= {path.get("class") for path in drawn.iter("path")}


def test_where_there_are_more_features_not_all_inputs_are_drawn(digits, table):
    assert inputs(digits) is None and inputs(table) is None


def test_each_line_of_the_page_is_told_with_its_time(digits):
    written = program(digits)
    found = [row for row in rows(written, "Each line with its time") if len(row) == 3][1:]
    assert len(found) == len(digits.program.page.body)
    for (line, time, share), statement in zip(found, digits.program.page.body, strict=True):
        assert line.startswith(statement.text.strip())
        assert float(time.replace(",", "")) >= 0 and share.endswith("%")
    groups = [e for e in tree(written).iter("th") if e.get("scope") == "rowgroup"]
    assert [text_of(group) for group in groups] == ["Forward", "Backward", "Update", "Result"]


def test_timing_changes_nothing(digits):
    before = [parameter.els.copy() for parameter in digits.model.parameters()]
    program(digits)
    for parameter, was in zip(digits.model.parameters(), before, strict=True):
        np.testing.assert_array_equal(parameter.els, was)
