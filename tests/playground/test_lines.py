from __future__ import annotations

import pytest

from glasswork.playground.lines import backward_lines, page

from .trained import trained


@pytest.fixture(params=[{}, {"data": "digits", "dropout": 0.2}, {"data": "line", "layers": "4"}])
def training(request):
    return trained(3, **request.param)


def test_the_page_is_the_program_that_runs_and_its_lines_are_found_in_it(training):
    found = page(training)
    assert found["source"] == training.step_of.run.programs[0].page.source
    source = found["source"].splitlines()
    for line in found["lines"]:
        assert source[line["number"] - 1].strip().startswith(line["text"])
    code = [
        text
        for text in source[source.index(next(t for t in source if t[:4] == "def ")) + 1 :]
        if text.strip()[:1] != "#"
    ]
    assert len(found["lines"]) == len(code)


def test_lines_of_a_layer_are_those_that_make_its_values_and_gradients(training):
    for line in page(training)["lines"]:
        text = line["text"]
        for layer, (name, _) in enumerate(training.names):
            called = (
                name.replace("hidden", "hidden_") if len(training.names) > 2 else name.rstrip("1")
            )
            if text.endswith(
                (f" d_{called}_weights)", f" d_{called}_biases)", f"_biases, {called})")
            ):
                assert line["layer"] == layer, text


def test_the_update_is_of_no_layer(training):
    assert {line["layer"] for line in page(training)["lines"] if line["section"] == "update"} == {
        None
    }


def test_before_the_first_step_it_is_the_page_that_will_be_and_nothing_is_learnt():
    training = trained()
    found = page(training)
    assert training.steps == 0
    training.step()
    assert found == page(training)


def test_after_a_change_of_momentum_there_is_a_page():
    training = trained(2)
    training.change(type(training.state)(momentum=0.0))
    assert "momentum" not in page(training)["source"]


def test_each_layer_hands_its_gradient_on_by_lines_of_the_backward_part(training):
    lines = {line["number"]: line for line in page(training)["lines"]}
    found = backward_lines(training)
    for layer in range(len(training.linears)):
        receivers = [(layer, "weights")] + [(layer - 1, "tanh")] * (layer > 0)
        handed = [found["matmul", receiver] for receiver in receivers]
        assert [len(numbers) for numbers in handed] == [1] * len(receivers)
        for (number,) in handed:
            assert "np.dot(" in lines[number]["text"] and lines[number]["section"] == "backward"
        assert len(found["add", (layer, "biases")]) == 1
    assert sum(len(numbers) for numbers in found.values()) == sum(
        line["section"] == "backward" for line in lines.values()
    )


def test_a_step_that_is_not_compiled_says_so(training):
    training.step_of.run = lambda *arrays: None
    assert page(training) == {
        "source": "",
        "lines": [],
        "reason": "this step could not be compiled",
    }
    assert backward_lines(training) == {}
