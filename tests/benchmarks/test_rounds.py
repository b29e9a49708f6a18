from __future__ import annotations

import pytest

from benchmarks.rounds import Effort, Spread, excesses, ratios, take_turns, those_who_agree
from benchmarks.worker import ContenderError


class Scripted:
    """A contender whose every answer is written down."""

    def __init__(self, name: str, answers: list, asked: list[str]) -> None:
        self.name, self.title, self.answers, self.asked = name, name, iter(answers), asked

    def ask(self, function, *arguments):
        self.asked.append(self.name)
        answer = next(self.answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def asked() -> list[str]:
    return []


def test_contenders_take_turns_round_by_round(asked):
    workers = [Scripted(name, [1.0, 2.0, 3.0], asked) for name in "ABC"]
    figures = take_turns(workers, "step", Effort(rounds=3, seconds=0))
    assert "".join(asked) == "ABCABCABC"
    assert figures == {name: [1.0, 2.0, 3.0] for name in "ABC"}


def test_a_contender_that_fails_is_out_and_the_others_go_on(asked, capsys):
    workers = [
        Scripted("A", [1.0, 1.0, 1.0], asked),
        Scripted("B", [1.0, ContenderError("no memory")], asked),
    ]
    assert take_turns(workers, "step", Effort(rounds=3, seconds=0)) == {"A": [1.0, 1.0, 1.0]}
    assert "B is out: no memory" in capsys.readouterr().out


def test_a_contender_with_other_numbers_is_out(asked, capsys):
    workers = [
        Scripted(name, [losses], asked)
        for name, losses in {"A": [1.0, 0.5], "B": [1.0, 0.50001], "C": [1.0, 0.6]}.items()
    ]
    assert those_who_agree(workers, None) == workers[:2]
    assert "C is out: its numbers differ by 2e-01" in capsys.readouterr().out


def test_figures_are_compared_within_their_round():
    figures = {"by_hand": [1.0, 2.0], "peer": [3.0, 4.0]}
    assert ratios(figures)["peer"] == [3.0, 2.0]
    assert excesses(figures)["peer"] == [2.0, 2.0]


def test_a_spread_is_the_median_between_the_quartiles():
    assert Spread.of([5.0, 1.0, 4.0, 2.0, 3.0]) == Spread(2.0, 3.0, 4.0)
