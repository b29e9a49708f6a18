"""The printed tape."""

from __future__ import annotations

import io
import re

import numpy as np
import pytest

import glasswork as gw


def worked_example() -> gw.Tensor:
    x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    return x1 * x2 + np.sin(x1)


def test_the_tape_of_the_worked_example() -> None:
    z = worked_example()
    assert str(z.tape) == (
        "γ   made of  equation   shape  value\n"
        "γ₁  leaf                ()     2\n"
        "γ₂  leaf                ()     3\n"
        "γ₃  γ₁ · γ₂  y = a b    ()     6\n"
        "γ₄  sin(γ₁)  y = sin x  ()     0.9093\n"
        "γ₅  γ₃ + γ₄  y = a + b  ()     6.909"
    )


def test_after_backward_the_gradients_stand_beside_the_values() -> None:
    z = worked_example()
    z.backward()
    lines = str(z.tape).splitlines()
    assert lines[0].endswith("∂γ₅/∂γ")
    assert [line.split()[-1] for line in lines[1:]] == ["2.584", "2", "1", "1", "1"]


def test_printing_keeps_no_gradient_and_changes_none() -> None:
    z = worked_example()
    z.backward()
    x1 = z.tape[0]
    before = x1.grad.copy()
    assert str(z.tape) == str(z.tape)
    assert x1.grad == before and all(e._grad is None for e in z.tape[2:-1])


def test_the_tape_can_be_counted_indexed_and_iterated() -> None:
    tape = worked_example().tape
    assert len(tape) == 5 and [e.item() for e in tape][:3] == [2.0, 3.0, 6.0]
    assert tape[-1].op.name == "add" and len(tape[1:3]) == 2
    assert repr(tape) == "Tape of 5 values, the last of shape ()"


def test_constants_arrays_parameters_and_options_are_told_apart() -> None:
    w = gw.Parameter(np.ones((3, 2)))
    data = gw.Tensor(np.ones((4, 3)))
    y = ((data @ w).sum(axis=0) * np.ones(2) / 7.0).max()
    text = str(y.tape)
    for words in ("parameter", "constant", "Σ γ₃ (axis=0)", "· array(2,)", "/ 7", "all 1"):
        assert words in text


def test_a_tape_whose_leaf_has_changed_prints_without_gradients_and_says_why() -> None:
    w = gw.Parameter([1.0, 2.0])
    loss = (w * w).sum()
    loss.backward()
    w.els = w.els * 2
    text = str(loss.tape)
    assert "∂" not in text and "No gradients: multiply" in text


def test_an_empty_value_and_a_leaf_can_be_printed() -> None:
    assert "[]" in str((gw.Tensor(np.ones(0), requires_grad=True) * 2.0).tape)
    assert "leaf" in str(gw.Tensor(1.0, requires_grad=True).tape)


def test_operands_that_are_no_numbers_can_be_printed() -> None:
    x = gw.Tensor([1.0, 2.0], requires_grad=True)
    assert "None" in str(x.clip(0.5, None).tape)
    assert "array(2,)" in str((x * [1.0, 2.0]).tape)


def test_a_leaf_that_changed_stands_before_what_was_made_of_its_old_value() -> None:
    w = gw.Parameter([1.0, 2.0])
    loss = (w * w).sum()
    w.els = [5.0, 6.0]
    assert [line.split()[1] for line in str(loss.tape).splitlines()[1:3]] == ["parameter", "γ₁"]


def test_an_index_is_written_as_it_was():
    x = gw.Tensor(np.ones((3, 4, 5)), requires_grad=True)
    y = x[1:, np.array([0, 1]), ::-1]
    assert "γ₁[1:, array(2,), ::-1]" in str(y.tape)
    assert "γ₁[…, 0]" in str(x[..., 0].tape) and "γ₁[None, 2]" in str(x[None, 2].tape)


class Screen(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch) -> Screen:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Screen()


def test_a_terminal_shows_the_table_in_color(terminal):
    z = worked_example()
    z.backward()
    z.tape.show(terminal)
    assert "\033[33m2.584\033[0m" in terminal.getvalue()
    assert re.sub(r"\033\[[\d;]*m", "", terminal.getvalue()) == f"{z.tape}\n"


@pytest.mark.parametrize("setting", [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_where_colors_are_not_wanted_there_are_none(terminal, monkeypatch, setting):
    monkeypatch.setenv(*setting)
    worked_example().tape.show(terminal)
    assert terminal.getvalue() == f"{worked_example().tape}\n"


def test_what_is_no_terminal_is_shown_no_color(capsys):
    worked_example().tape.show()
    assert capsys.readouterr().out == f"{worked_example().tape}\n"


def test_letters_that_a_stream_does_not_have_are_escaped():
    stream = io.TextIOWrapper(raw := io.BytesIO(), encoding="cp1252")
    worked_example().tape.show(stream)
    stream.flush()
    assert r"\u03b3\u2081 · \u03b3\u2082" in raw.getvalue().decode("cp1252")


def test_a_notebook_shows_the_table_and_the_drawing():
    z = worked_example()
    z.backward()
    page = z.tape._repr_html_()
    assert page.startswith("<table><tr><th>γ</th><th>made of</th>")
    assert page.count("<tr>") == 6 and "<td>2.584</td>" in page
    assert z.tape._repr_svg_() == z.tape.svg() and z.tape.svg() in page


def test_a_notebook_shows_a_long_tape_as_a_table_alone():
    x = gw.Tensor(1.0, requires_grad=True)
    for _ in range(200):
        x = x + 1.0
    page = x.tape._repr_html_()
    assert page.count("<tr>") == 202 and "<svg" not in page and "<svg" in x.tape.svg()


def test_a_notebook_tells_why_there_are_no_gradients():
    w = gw.Parameter([1.0, 2.0])
    loss = (w * w).sum()
    loss.backward()
    w.els = w.els * 2
    assert "<p>No gradients: multiply: an input of shape (2,)" in loss.tape._repr_html_()
