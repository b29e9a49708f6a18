"""What is said of a module is enough to make another like it."""

import json

import numpy as np
import pytest

from glasswork.errors import OptionError
from glasswork.nn import (
    ELU,
    BatchNorm,
    CrossEntropy,
    Dropout,
    Linear,
    Module,
    Parameter,
    ReLU,
    Sequential,
    Softmax,
)
from glasswork.randomness import generator
from glasswork.saving import register
from glasswork.saving.descriptions import build, describe


def anew(module, **options):
    """The module made again from its description, which has been through JSON."""
    return build(json.loads(json.dumps(describe(module), allow_nan=False)), **options)


class Mixed(Module):
    """Takes arguments in each of the ways there are."""

    def __init__(self, first, /, second, *blocks, named=1, rng=None, **more):
        self.first, self.second, self.blocks, self.named = first, second, blocks, named
        self.more = more
        self.rng = generator(rng)


class Pair(Module):
    """Holds two modules."""

    def __init__(self, left, right=None):
        self.left, self.right = left, right


# What a description says.


def test_a_tree_reads_like_the_code_that_made_it():
    assert describe(Sequential(Linear(2, 3, bias=False), ReLU(), Dropout(0.2, rng=3))) == {
        "class": "Sequential",
        "children": [
            {
                "class": "Linear",
                "config": {
                    "input_neurons": 2,
                    "output_neurons": 3,
                    "bias": False,
                    "dtype": {"dtype": "float32"},
                },
            },
            {"class": "ReLU"},
            {"class": "Dropout", "config": {"probability": 0.2}},
        ],
    }


def test_modes_and_frozen_parameters_are_said_by_path():
    model = Sequential(Linear(1, 1), Sequential(Dropout()))
    model.children[1].eval()
    model.children[0].weights.requires_grad = False
    said = describe(model)
    assert said["eval"] == ["1", "1.0"]
    assert said["frozen"] == ["0.weights"]


# What is made from it.


@pytest.mark.parametrize(
    "module",
    [
        Linear(3, 2, bias=False, dtype=np.float64),
        BatchNorm(4, momentum=0.3, epsilon=1e-3),
        Softmax(axis=0),
        ELU(2.5),
        CrossEntropy(class_weights=[1.0, 3.0], label_smoothing=0.1),
        Module(),
        Module(ReLU(), Module(ReLU())),
    ],
    ids=lambda module: type(module).__name__,
)
def test_our_modules_are_made_anew(module):
    again = anew(module)
    assert type(again) is type(module)
    assert repr(again) == repr(module)
    assert describe(again) == describe(module)


def test_every_kind_of_argument_is_passed_as_it_was():
    register(Mixed)
    made = anew(Mixed({"a": (1, None)}, [np.float32(0.5)], 3, ReLU(), named="x", other=True, rng=1))
    assert made.first == {"a": (1, None)}
    assert made.second == [0.5]
    assert made.blocks[0] == 3
    assert type(made.blocks[1]) is ReLU
    assert (made.named, made.more) == ("x", {"other": True})


def test_modules_in_containers_are_made_anew():
    register(Pair)
    made = anew(Pair({"a": [Linear(1, 2)]}, (ReLU(), Softmax())))
    assert made.left["a"][0].weights.shape == (1, 2)
    assert [type(part) for part in made.right] == [ReLU, Softmax]


def test_a_layer_used_twice_stays_one_layer():
    register(Pair)
    layer = Linear(2, 2)
    said = describe(Sequential(layer, Pair(ReLU(), layer), layer))
    made = build(said)
    assert said["children"][2] == {"shared": 0}
    assert made.children[0] is made.children[1].right is made.children[2]


def test_modules_that_are_made_on_the_fly_are_not_taken_for_each_other():
    @register
    class Fleeting(Module):
        def __init__(self, parts):
            self.sizes = [part.input_neurons for part in parts]

        def configuration(self):
            return {"parts": (Linear(size, 1) for size in self.sizes)}

    with pytest.raises(OptionError, match="generator"):
        describe(Fleeting([Linear(1, 1)]))
    Fleeting.configuration = lambda self: {"parts": Many(self.sizes)}

    class Many(list):
        def __iter__(self):
            return (Linear(size, 1) for size in super().__iter__())

    assert anew(Fleeting([Linear(n, 1) for n in (1, 2, 3)])).sizes == [1, 2, 3]


def test_tied_parameters_stay_tied():
    first, second, third = Linear(2, 2), Linear(2, 2), Linear(2, 2)
    second.weights = first.weights
    third.weights, third.biases = first.weights, second.biases
    made = anew(Sequential(first, second, third), elements=8)
    one, two, three = made.children
    assert one.weights is two.weights is three.weights
    assert two.biases is three.biases is not one.biases
    assert len(made.parameters()) == 3


def test_a_parameter_with_two_names_in_one_module_keeps_both():
    @register
    class Twice(Module):
        def __init__(self):
            self.first, self.second = Parameter([1.0]), Parameter([2.0])

    module = Twice()
    module.second = module.first
    made = anew(module)
    assert made.second is made.first


def test_modes_and_frozen_parameters_come_back():
    model = Sequential(Linear(1, 1), Sequential(Dropout(), ReLU()), BatchNorm(1))
    model.children[1].eval()
    model.children[0].weights.requires_grad = False
    made = anew(model)
    assert [part.training for _, part in made.named_modules()] == [
        part.training for _, part in model.named_modules()
    ]
    assert [p.requires_grad for p in made.parameters()] == [False, True, True, True]


def test_what_a_constructor_froze_can_come_back_learning():
    @register
    class Frozen(Module):
        def __init__(self):
            self.layer = Linear(1, 1)
            self.freeze().eval()

    model = Frozen().freeze(False).train()
    made = anew(model)
    assert made.training
    assert all(parameter.requires_grad for parameter in made.parameters())


def test_first_values_are_drawn_unless_the_elements_are_counted():
    model = Linear(20, 20)
    assert np.any(anew(model).weights.els)
    assert not np.any(anew(model, elements=420).weights.els)


def test_a_constructor_without_arguments_of_its_own_is_called_without():
    @register
    class Net(Module):
        def __init__(self, *, size=3, **ignored):
            self.layer = Linear(2, size)

    assert anew(Net(other=1)).layer.weights.shape == (2, 3)


# What cannot be said.


def test_a_class_that_is_not_registered_is_named():
    with pytest.raises(OptionError, match="Pair is not registered"):
        describe(Sequential(Pair(1)))


def test_an_argument_that_is_not_kept_is_named():
    @register
    class Forgets(Module):
        def __init__(self, size, depth=1):
            self.layer = Linear(size, size)

    with pytest.raises(OptionError, match=r"(?s)keep its argument 'size'.*Add self.size = size"):
        describe(Forgets(2))


def test_a_value_without_words_is_named_with_its_place():
    register(Pair)
    with pytest.raises(OptionError, match=r"save: Pair.left is <built-in function len>"):
        describe(Pair(len))


def test_a_module_that_contains_itself_is_refused():
    register(Pair)
    module = Pair(ReLU())
    module.right = module
    with pytest.raises(OptionError, match="Pair contains itself"):
        describe(module)


def test_a_hundred_levels_are_few_enough_and_ten_thousand_too_many():
    module = ReLU()
    for _ in range(100):
        module = Sequential(module)
    assert describe(anew(module)) == describe(module)
    for _ in range(10_000):
        module = Sequential(module)
    with pytest.raises(OptionError, match="nested too deeply"):
        describe(module)
