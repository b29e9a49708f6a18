from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from glasswork import Tensor
from glasswork.data import Batches
from glasswork.errors import DataError, OptionError, ShapeError
from glasswork.nn import MSE, CrossEntropy, Dropout, Linear, Module, Sequential
from glasswork.nn.changes import changes
from glasswork.train import accuracy, confusion_matrix, evaluate, mae, predict, rmse, top_k
from glasswork.train.evaluate import Tally, evaluating, named


@pytest.fixture
def data(rng) -> tuple[np.ndarray, np.ndarray]:
    return rng.normal(size=(10, 3)), rng.normal(size=(10, 2))


@pytest.fixture
def model() -> Linear:
    return Linear(3, 2, rng=0, dtype=np.float64)


def test_evaluate_gives_the_mean_loss_and_each_metric(model, data):
    x, y = data
    yhat = x @ model.weights.els + model.biases.els
    found = evaluate(model, MSE(), data, [rmse, mae], batch_size=4)
    expected = {"loss": np.mean((yhat - y) ** 2), "rmse": rmse(yhat, y), "mae": mae(yhat, y)}
    assert list(found) == list(expected)
    assert found == pytest.approx(expected, rel=1e-12)


def test_evaluate_takes_batches_as_they_are(model, data):
    found = evaluate(model, MSE(), Batches(*data, batch_size=3, rng=0), {"root": rmse})
    assert found["root"] == pytest.approx(found["loss"] ** 0.5, rel=1e-12)


def test_predict_gives_a_row_for_each_sample_in_their_order(model, data):
    x, _ = data
    expected = x @ model.weights.els + model.biases.els
    np.testing.assert_allclose(predict(model, x, batch_size=3), expected, rtol=1e-12)
    assert type(predict(model, x)) is np.ndarray


def test_predict_takes_lists(model):
    assert predict(model, [[1.0, 2.0, 3.0]]).shape == (1, 2)


def test_nothing_is_recorded(data):
    recorded = []

    class Witness(Module):
        def __init__(self) -> None:
            self.layer = Linear(3, 2, rng=0, dtype=np.float64)

        def forward(self, x: Tensor) -> Tensor:
            y = self.layer(x)
            recorded.append(y.requires_grad)
            return y

    evaluate(Witness(), MSE(), data)
    predict(Witness(), data[0])
    assert recorded == [False, False]


def test_each_module_is_in_eval_mode_and_then_in_its_own_again():
    model = Sequential(Dropout(0.5, rng=0), Dropout(0.5, rng=0).eval())
    with evaluating(model):
        assert [module.training for _, module in model.named_modules()] == [False] * 3
    assert [module.training for _, module in model.named_modules()] == [True, True, False]


def test_the_modes_come_back_after_an_error_too():
    model = Sequential(Dropout(0.5, rng=0))
    with pytest.raises(ZeroDivisionError), evaluating(model):
        1 / 0  # noqa: B018
    assert model.training


def test_an_evaluation_is_no_change_for_which_a_compiled_step_looks_at_the_model_again():
    model = Sequential(Dropout(0.5, rng=0))
    model.remark = "as it is"
    before = changes()
    with evaluating(model):
        assert changes() != before
    assert changes() == before
    with evaluating(model):
        model.remark = "changed"
        inside = changes()
    assert changes() not in (before, inside)


def test_metrics_are_called_by_their_own_names_or_by_those_given():
    assert list(named([accuracy, rmse])) == ["accuracy", "rmse"]
    assert list(named({"top 3": partial(top_k, k=3)})) == ["top 3"]


@pytest.mark.parametrize("metric", [lambda yhat, y: 0.0, partial(top_k, k=3)])
def test_a_metric_without_a_name_needs_one(metric):
    with pytest.raises(OptionError, match="no name of its own"):
        named([metric])


@pytest.mark.parametrize(
    "name", ["loss", "learning_rate", "validation_accuracy", "gradient_norm.0.weights"]
)
def test_a_metric_cannot_have_the_name_of_something_else_in_a_history(name):
    with pytest.raises(OptionError, match=f"no name of its own.*\n.*{name}"):
        named({name: accuracy})
    assert named({"lossless": accuracy})


def test_a_metric_that_gives_a_table_is_refused_by_its_name():
    classifier = Linear(2, 2, rng=0)
    with pytest.raises(OptionError, match=r"metrics: confusion_matrix gave no single number"):
        evaluate(classifier, CrossEntropy(), (np.ones((4, 2)), [0, 1, 0, 1]), [confusion_matrix])


@pytest.mark.parametrize("metrics", [["accuracy"], {"hits": "accuracy"}, "accuracy", accuracy])
def test_metrics_are_functions_in_a_list_or_a_mapping(metrics):
    with pytest.raises(OptionError, match=r"metrics: .*\n.*accuracy") as error:
        named(metrics)
    assert "Pass functions in a list, such as [glasswork.train.accuracy]" in str(error.value)


def test_a_loss_of_another_shape_is_an_error(model, data):
    with pytest.raises(ShapeError, match="different shapes"):
        evaluate(model, MSE(), (data[0], data[1][:, 0]))


def test_no_batch_is_an_error(model):
    with pytest.raises(DataError, match="the data have no batch"):
        evaluate(model, MSE(), [])


def test_a_tally_goes_on_from_its_state():
    def add(tally: Tally, n: int) -> None:
        tally.add(0.1 * n, Tensor(np.full((n, 2), n)), [np.arange(n)], {"norm": 0.5 * n})

    def made() -> Tally:
        return Tally(MSE(), {"sum": lambda yhat, y: yhat.sum() + y.sum()})

    whole, first, rest = made(), made(), made()
    for n in (1, 2, 3, 4):
        add(whole, n)
    add(first, 1)
    add(first, 2)
    rest.load_state_dict(first.state_dict())
    add(rest, 3)
    add(rest, 4)
    assert rest.numbers() == whole.numbers()


def test_a_tally_that_is_cleared_begins_anew():
    tally = Tally(MSE())
    tally.add(5.0, Tensor(np.ones((3, 1))), [np.ones((3, 1))], {"norm": 1.0})
    tally.clear()
    tally.add(2.0, Tensor(np.ones((3, 1))), [np.ones((3, 1))])
    assert tally.numbers() == {"loss": 2.0}
