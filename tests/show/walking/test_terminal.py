"""A walk moved by keys: lines from a file, and single keys in a terminal."""

from __future__ import annotations

import io
import os
import re
import threading
from contextlib import nullcontext
from typing import NamedTuple, TextIO

import numpy as np
import pytest

import glasswork as gw
from glasswork.show.walking.terminal import page

PAGES = re.compile(r"^Back in the \w+ order: step (\d+), of 0 to 2$", re.MULTILINE)


def worked_example() -> gw.show.Walk:
    x1, x2 = gw.Tensor(2.0, requires_grad=True), gw.Tensor(3.0, requires_grad=True)
    return gw.walk(x1 * x2 + np.sin(x1))


def said(commands: str) -> tuple[gw.show.Walk, str]:
    """What is shown when these lines are read."""
    walk, screen = worked_example(), io.StringIO()
    walk.run(io.StringIO(commands), screen)
    return walk, screen.getvalue()


def test_a_page_tells_what_has_arrived_and_the_step_at_hand():
    walk = worked_example()
    walk.go(1)
    assert page(walk) == (
        "Back in the right order: step 1, of 0 to 2\n"
        "\n"
        "   γ   made of  shape  value   ∂γ₅/∂γ so far  to come\n"
        "+  γ₁  leaf     ()     2       -0.4161        1\n"
        "   γ₂  leaf     ()     3                      1\n"
        "   γ₃  γ₁ · γ₂  ()     6       1\n"
        "▸  γ₄  sin(γ₁)  ()     0.9093  1\n"
        "   γ₅  γ₃ + γ₄  ()     6.909   1\n"
        "\n"
        "γ₄ = sin(γ₁) is left with g = 1\n"
        "to  g becomes    slope    arrives  sum there  to come\n"
        "γ₁  g · cos(γ₁)  -0.4161  -0.4161  -0.4161    1"
    )


def test_in_color_a_page_says_the_same():
    walk = worked_example()
    colored = page(walk, color=True)
    assert colored.count("\033[") > 20
    assert re.sub(r"\033\[[\d;]*m", "", colored) == page(walk)


def test_a_value_left_too_early_is_told_in_red():
    x = gw.Tensor(1.0, requires_grad=True)
    h = 2 * x
    walk = gw.walk(h + np.sin(h), order="article")
    walk.next()
    assert "\033[1;31mγ₂ = 2 · γ₁ is left with g = 1   (too early" in page(walk, color=True)


def test_of_a_long_tape_the_lines_around_the_step_are_shown():
    x = gw.Tensor(1.0, requires_grad=True)
    for _ in range(100):
        x = np.sin(x)
    walk = gw.walk(x)
    for step in (0, 50, 99):
        walk.go(step)
        lines = page(walk, height=24).splitlines()
        assert len(lines) < 24 and [line for line in lines if line.startswith("▸")]


def test_lines_move_the_place_until_q():
    walk, shown = said("n\nn\np\ng 2\n0\n\nq\nn\n")
    assert PAGES.findall(shown) == ["0", "1", "2", "1", "2", "0", "1"]
    assert walk.position == 1


def test_the_end_of_the_lines_ends_the_walk():
    assert PAGES.findall(said("n\n")[1]) == ["0", "1"]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("p", "there is no step -1.\n  They go from 0 to 2."),
        ("g 3", "there is no step 3.\n  They go from 0 to 2."),
        ("g", "'g' means nothing here."),
        ("g -1", "'g -1' means nothing here."),
        ("jump", "'jump' means nothing here."),
        ("?", "the step before"),
    ],
)
def test_what_cannot_be_done_is_answered(command, answer):
    walk, shown = said(f"{command}\n")
    assert answer in shown and walk.position == 0


def test_letters_that_a_screen_does_not_have_are_escaped():
    screen = io.TextIOWrapper(raw := io.BytesIO(), encoding="ascii")
    worked_example().run(io.StringIO("n\nq\n"), screen)
    assert rb"\u03b3\u2081  leaf" in raw.getvalue() and b"step 1, of" in raw.getvalue()


@pytest.fixture
def terminal(monkeypatch):
    """A pseudo-terminal: one end is typed on and read, the other is the program's."""
    pty, termios = pytest.importorskip("pty"), pytest.importorskip("termios")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    ours, theirs = pty.openpty()
    before = termios.tcgetattr(theirs)
    with (
        open(theirs, encoding="utf-8", closefd=False) as keys,
        open(theirs, "w", encoding="utf-8", closefd=False) as screen,
    ):
        yield Terminal(ours, keys, screen)
        assert termios.tcgetattr(theirs) == before
    os.close(ours)
    os.close(theirs)


class Terminal(NamedTuple):
    """The end that is typed on, and the streams of a program."""

    typing: int
    keys: TextIO
    screen: TextIO

    def walk(self, walk: gw.show.Walk, *pressed: str) -> list[str]:
        """What is shown after each of the keys is pressed; after the last the walk must end."""
        program = threading.Thread(target=walk.run, args=(self.keys, self.screen))
        program.start()
        shown = []
        for key in pressed:
            shown.append(self.read_until("? help"))
            os.write(self.typing, key.encode())
        shown.append(self.read_until("\033[?1049l"))
        program.join()
        return shown

    def read_until(self, end: str) -> str:
        text = ""
        while end not in text:
            text += os.read(self.typing, 10_000).decode(errors="replace")
        return text


def test_in_a_terminal_each_key_is_obeyed_at_once(terminal):
    walk = worked_example()
    shown = terminal.walk(walk, "n", "\033[C", "p", "\033[D", "g2\n", "q")
    steps = [re.search(r"step (\d)", screen)[1] for screen in shown[:-1]]
    assert steps == ["0", "1", "2", "1", "0", "2"] and walk.position == 2
    assert "\033[1m" in shown[0] and shown[1].count("\033[H\033[J") == 1


def test_keys_that_are_pressed_fast_are_all_obeyed(terminal):
    walk = worked_example()
    terminal.walk(walk, "nnp\033[Cpq")
    assert walk.position == 1


def test_a_number_is_shown_while_it_is_typed_and_can_be_mended(terminal):
    shown = terminal.walk(walk := worked_example(), "g1\x7f\x7f2\n", "q")
    assert "go to step 1" in shown[1] and walk.position == 2


def test_the_end_of_typing_ends_the_walk(terminal):
    terminal.walk(worked_example(), "\x04")


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_whatever_happens_the_terminal_is_as_it_was(terminal, monkeypatch, error):
    def broken(*_):
        raise error

    monkeypatch.setattr("glasswork.show.walking.terminal.page", broken)
    with nullcontext() if error is KeyboardInterrupt else pytest.raises(error):
        worked_example().run(terminal.keys, terminal.screen)
    terminal.screen.flush()
    assert terminal.read_until("\033[?1049l").startswith("\033[?1049h")


def test_a_page_uses_the_names_that_values_were_given():
    walk = worked_example()
    walk.names[walk.output] = "z"
    lines = page(walk).splitlines()
    assert "∂z/∂γ so far" in lines[2] and lines[7].startswith("▸  z ")
