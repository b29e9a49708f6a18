"""The line that made a value is found in the variables of the functions under way."""

import sys

import numpy as np

from glasswork import Tensor
from glasswork.nn.origins import Moment, latest, moments, origin
from glasswork.tensor import leaf


def here():
    frame = sys._getframe(1)
    return Moment(frame, frame.f_lasti, frame.f_lineno)


def test_the_line_before_is_told_and_not_the_one_after():
    value = Tensor([1.0])
    other, value = value, Tensor([2.0])
    assert origin(value, [here()]).endswith(": other, value = value, Tensor([2.0])")
    assert origin(other, [here()]).endswith(": other, value = value, Tensor([2.0])")
    value = 0


def test_the_function_that_made_a_value_is_told_and_not_those_that_were_passed_it():
    def inner(passed):
        again = passed
        return origin(passed, [here(), outer]), origin(again, [here()])

    made = Tensor([1.0])
    outer = here()
    assert [line.partition(": ")[2] for line in inner(made)] == [
        "made = Tensor([1.0])",
        "again = passed",
    ]


def test_a_value_that_no_variable_has_has_no_line():
    found = origin(Tensor([1.0]), [here()])
    assert found == ""


def test_moments_begin_where_the_error_arose_and_end_with_the_program():
    def failing():
        raise KeyError

    try:
        failing()
    except KeyError as error:
        found = moments(error.__traceback__)
    names = [moment.frame.f_code.co_name for moment in found]
    assert names[:2] == [
        "failing",
        "test_moments_begin_where_the_error_arose_and_end_with_the_program",
    ]
    assert len(names) > 2
    assert latest(found).endswith(": raise KeyError")


def test_without_a_traceback_there_are_no_moments():
    assert moments(None) == []
    assert latest([]) == ""


def test_a_tensor_is_found_by_the_array_that_it_was_made_of():
    array = np.ones(3)
    line = origin(leaf(array), [here()])
    assert line.endswith(": array = np.ones(3)")
