"""What an optimizer takes for parameters, and what it says of the rest."""

from __future__ import annotations

import numpy as np
import pytest

from glasswork import Parameter, Tensor
from glasswork.errors import OptionError
from glasswork.optim.parameters import groups_of, tensors_of


class Holder:
    """A parameter as the article writes it: an object with the tensor in `data`."""

    def __init__(self, data):
        self.data = Tensor(data, requires_grad=True)


def test_a_parameter_that_is_listed_twice_is_counted_once():
    shared, own = Parameter([1.0]), Parameter([1.0])
    assert tensors_of("SGD", [shared, own, shared]) == [shared, own]


def test_any_iterable_will_do():
    parameters = [Parameter([1.0]), Parameter([2.0])]
    assert tensors_of("SGD", iter(parameters)) == parameters


def test_the_tensor_in_the_data_of_an_object_is_its_parameter():
    holder = Holder([1.0])
    assert tensors_of("SGD", [holder]) == [holder.data]


def test_groups_keep_their_options_and_the_rest_makes_a_group_without():
    a, b, c = (Parameter([float(n)]) for n in range(3))
    groups = groups_of("SGD", [a, {"parameters": [b], "l2": 0.1}, c])
    assert groups == [([b], {"l2": 0.1}), ([a, c], {})]


def test_the_group_of_the_caller_is_left_as_it_is():
    group = {"parameters": [Parameter([1.0])], "l2": 0.1}
    groups_of("SGD", [group])
    assert list(group) == ["parameters", "l2"]


W = Parameter([[1.0, 2.0]])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "SGD: there are no parameters.\n  Pass model.parameters(); a model has none if"),
        ([{"parameters": []}], "SGD: there are no parameters."),
        (
            W,
            "SGD: the parameters are not a list of them, but Parameter.\n  Pass model.parameters()",
        ),
        ({"parameters": [W]}, "SGD: the parameters are not a list of them, but dict."),
        (list.append, "SGD: the parameters are not a list of them, but method_descriptor."),
        ([np.ones(3)], "SGD: ndarray is no parameter.\n  Pass Parameter objects"),
        ([("weights", W)], "SGD: tuple is no parameter."),
        ([W, W * 2.0], "SGD: a tensor of shape (1, 2) was made by multiply.\n  Only leaves learn"),
        (
            [{"l2": 0.1}],
            "SGD: a group has no 'parameters', only 'l2'.\n  Write it as {'parameters'",
        ),
        ([{}], "SGD: a group has no 'parameters', only nothing."),
        (
            [{"parameters": [W]}, W],
            "SGD: a parameter of shape (1, 2) is in two groups.\n  Leave it",
        ),
    ],
)
def test_what_is_wrong_with_the_parameters_is_said(given, said):
    with pytest.raises(OptionError) as raised:
        groups_of("SGD", given)
    assert str(raised.value).startswith(said)
