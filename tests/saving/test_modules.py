"""A model that was saved is the model that is loaded."""

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import glasswork
from glasswork.errors import DataError, OptionError
from glasswork.nn import BatchNorm, Dropout, Linear, Module, Parameter, ReLU, Sequential, Tanh
from glasswork.saving import load, read_safetensors, register, save, write_safetensors

x = np.random.default_rng(0).normal(size=(5, 4))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


def network(**options):
    return Sequential(Linear(4, 3, rng=0, **options), BatchNorm(3, **options), Dropout(), ReLU())


def assert_same_state(one, other):
    assert list(one.state_dict()) == list(other.state_dict())
    for path, array in one.state_dict().items():
        assert other.state_dict()[path].dtype == array.dtype
        np.testing.assert_array_equal(other.state_dict()[path], array)


def rewrite(path, **changes):
    """Change the metadata of a file; None takes an entry out."""
    tensors, metadata = read_safetensors(path)
    kept = {key: text for key, text in (metadata | changes).items() if text is not None}
    write_safetensors(path, tensors, kept)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_a_model_comes_back_with_its_values_and_answers(path, dtype):
    model = network(dtype=dtype)
    model(x)  # moves the buffers
    save(model.eval(), path)
    again = load(path)
    assert_same_state(model, again)
    assert repr(again) == repr(model)
    np.testing.assert_array_equal(again(x).els, model(x).els)


def test_a_loaded_model_learns_on(path):
    save(network(), path)
    model = load(path)
    model(x).sum().backward()
    assert all(parameter.grad.shape == parameter.shape for parameter in model.parameters())


def test_values_have_the_dtypes_of_the_file(path):
    model = Sequential(Linear(4, 2), Linear(2, 2))
    model.children[0].astype(np.float64)
    save(model, path)
    assert [p.dtype for p in load(path).parameters()] == [p.dtype for p in model.parameters()]


def test_a_dtype_that_only_the_values_have_comes_back(path):
    @register
    class Net(Module):
        def __init__(self):
            self.layer = Linear(2, 2)

    save(Net().astype(np.float16), path)
    assert load(path).layer.weights.dtype == np.float16


def test_the_file_is_safetensors_with_words_beside(path):
    save(Sequential(Linear(2, 1)).eval(), path)
    tensors, metadata = read_safetensors(path)
    assert list(tensors) == ["0.weights", "0.biases"]
    assert metadata["glasswork"] == "1"
    assert json.loads(metadata["module"])["eval"] == ["", "0"]


def test_sharing_freezing_and_modes_come_back(path):
    layer = Linear(4, 4)
    model = Sequential(layer, ReLU(), layer, Linear(4, 4))
    model.children[3].weights = layer.weights
    layer.biases.requires_grad = False
    model.children[1].eval()
    save(model, path)
    again = load(path)
    assert again.children[0] is again.children[2]
    assert again.children[3].weights is again.children[0].weights
    assert [p.requires_grad for p in again.parameters()] == [True, False, True]
    assert [child.training for child in again] == [True, False, True, True]


def test_a_class_of_the_users_own_comes_back(path):
    @register
    class Net(Module):
        def __init__(self, hidden):
            self.hidden = hidden
            self.layers = [Linear(4, hidden), Tanh(), Linear(hidden, 1)]
            self.scale = Parameter([1.5])

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)
            return x * self.scale

    model = Net(7)
    save(model, path)
    np.testing.assert_array_equal(load(path)(x).els, model(x).els)


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    bias=st.booleans(),
    training=st.booleans(),
)
def test_any_stack_of_layers_comes_back(tmp_path_factory, sizes, bias, training):
    path = tmp_path_factory.getbasetemp() / "stack.safetensors"
    layers = [Linear(m, n, bias=bias) for m, n in pairwise(sizes)]
    model = Sequential(*[part for layer in layers for part in (layer, Tanh())]).train(training)
    save(model, path)
    assert_same_state(model, load(path))
    assert load(path).training == training


def test_neither_saving_nor_loading_draws_from_the_default_generator(path):
    @register
    class Net(Module):
        def __init__(self):
            self.layer = Linear(2, 2)

    model = Net()
    glasswork.seed(3)
    expected = glasswork.randomness.generator().random()
    glasswork.seed(3)
    save(model, path)
    load(path)
    assert glasswork.randomness.generator().random() == expected


def test_what_replaced_the_work_of_the_constructor_is_named_and_the_old_file_stays(path):
    @register
    class Net(Module):
        def __init__(self):
            self.layer = Linear(2, 2)

    save(Net(), path)
    before = path.read_bytes()
    model = Net()
    model.layer = Linear(2, 5)
    with pytest.raises(OptionError, match=r"(?s)Net, made anew .* is not this.*layer.weights is"):
        save(model, path)
    assert path.read_bytes() == before


def test_arguments_in_the_wrong_order_are_told_apart(path):
    with pytest.raises(OptionError, match=r"is no Module(?s:.*)save\(model, path\)"):
        save(str(path), Linear(1, 1))


def test_a_missing_file_is_the_systems_own_error(path):
    with pytest.raises(FileNotFoundError):
        load(path)


def test_a_damaged_file_is_named(path):
    save(Linear(2, 2), path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match=r"model.safetensors: the data are cut off"):
        load(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"module": None}, r"holds tensors, but no model(?s:.*)load_state_dict"),
        ({"glasswork": None}, r"has version None"),
        ({"glasswork": "2"}, r"has version '2'(?s:.*)reads version '1'(?s:.*)Update"),
        ({"module": "{"}, r"description of the model is not JSON"),
        ({"module": "[" * 100_000}, r"nested too deeply"),
        ({"module": '{"class": "Net"}'}, r"class 'Net' is not known(?s:.*)@glasswork.register"),
        ({"module": '{"class": "ReLU"}'}, r"unexpected  weights"),
        ({"module": '{"class": "Linear", "config": {"input_neurons": 2, "output_neurons": 9}}'},
         r"asks for 18 elements(?s:.*)have 6"),
        ({"module": '{"class": "Linear", "config": {"input_neurons": 1, "output_neurons": 3}}'},
         r"misshapen   weights is \(2, 2\)"),
    ],
)  # fmt: skip
def test_what_is_no_model_is_one_clear_error_that_names_the_file(path, changes, message):
    save(Linear(2, 2), path)
    rewrite(path, **changes)
    with pytest.raises(DataError, match=message) as caught:
        load(path)
    assert str(caught.value).startswith(str(path))


def test_values_that_cannot_learn_are_refused(path):
    save(Linear(2, 2), path)
    tensors, metadata = read_safetensors(path)
    write_safetensors(path, tensors | {"weights": np.ones((2, 2), int)}, metadata)
    with pytest.raises(DataError, match="only floats have a gradient"):
        load(path)


def test_loading_runs_nothing_but_constructors_of_known_classes(path, monkeypatch):
    save(Linear(2, 2), path)
    for said in ["os.system", "glasswork.nn.Linear", "Module.__init__", "builtins.eval"]:
        rewrite(path, module=json.dumps({"class": said, "config": {"command": "exit 1"}}))
        with pytest.raises(DataError, match="is not known here"):
            load(path)
