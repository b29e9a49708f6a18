from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from glasswork.data import Batches
from glasswork.nn import MSE, BatchNorm, CrossEntropy, Dropout, Linear, Module, ReLU, Sequential
from glasswork.optim import SGD, exponential_decay
from glasswork.train import Callback, History, fit, rmse


@pytest.fixture
def plane(rng) -> tuple[np.ndarray, np.ndarray]:
    """Points on y = 3 x₁ − 2 x₂ + 1, which a linear layer can learn to the last digit."""
    x = rng.uniform(-1, 1, (50, 2))
    return x, x @ [[3.0], [-2.0]] + 1


def linear() -> Linear:
    return Linear(2, 1, rng=0, dtype=np.float64)


def descent(model: Module, learning_rate: float = 0.1) -> SGD:
    return SGD(model.parameters(), learning_rate)


def test_it_learns(plane):
    model = linear()
    history = fit(model, MSE(), descent(model, 0.5), plane, epochs=100, rng=0)
    np.testing.assert_allclose(model.weights.els, [[3], [-2]], atol=1e-6)
    np.testing.assert_allclose(model.biases.els, [1], atol=1e-6)
    assert history["loss"][-1] < 1e-12 < history["loss"][0]


def test_it_does_what_the_loop_of_five_lines_does(plane):
    ours, theirs = linear(), linear()
    fit(ours, MSE(), descent(ours), Batches(*plane, rng=0), epochs=3, compile=False)

    optimizer, loss, batches = descent(theirs), MSE(), Batches(*plane, rng=0)
    for _ in range(3):
        for x, y in batches:
            loss(theirs(x), y).backward()
            optimizer.step(zero_grad=True)

    assert (ours.weights.els == theirs.weights.els).all()
    assert (ours.biases.els == theirs.biases.els).all()


def test_the_same_seed_gives_the_same_bits(rng):
    x, y = rng.normal(size=(40, 2)).astype(np.float32), rng.integers(0, 2, 40)

    def run() -> tuple[History, list[np.ndarray]]:
        own = np.random.default_rng(7)
        model = Sequential(
            Linear(2, 8, rng=own), ReLU(), Dropout(0.5, rng=own), Linear(8, 2, rng=own)
        )
        data = Batches(x, y, batch_size=8, rng=own)
        history = fit(model, CrossEntropy(), descent(model), data, 3, validation=(x, y))
        return history, [p.els for p in model.parameters()]

    (first, weights), (second, others) = run(), run()
    assert first == second
    assert all((a == b).all() for a, b in zip(weights, others, strict=True))


def test_the_columns_come_in_the_order_in_which_they_are_shown(plane):
    model = linear()
    history = fit(
        model, MSE(), descent(model), plane, 2,
        validation=plane, metrics=[rmse], gradient_norms=True, rng=0,
    )  # fmt: skip
    assert list(history.columns) == [
        "loss", "rmse", "validation_loss", "validation_rmse", "learning_rate",
        "gradient_norm", "gradient_norm.weights", "gradient_norm.biases",
    ]  # fmt: skip
    assert all(len(column) == len(history) == 2 for column in history.columns.values())


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_loss_is_the_mean_over_samples_though_the_last_batch_is_smaller(plane, reduction):
    model = linear()
    x, y = plane
    expected = np.mean((x @ model.weights.els + model.biases.els - y) ** 2)
    standing = descent(model, 0.0)
    history = fit(model, MSE(reduction), standing, plane, 1, validation=plane, batch_size=32, rng=0)
    assert history["loss"] == pytest.approx([expected], rel=1e-12)
    assert history["validation_loss"] == pytest.approx([expected], rel=1e-12)


def test_metrics_see_all_predictions_of_an_epoch_at_once(plane):
    model, seen = linear(), []

    def count(yhat: np.ndarray, y: np.ndarray) -> float:
        seen.append((yhat.shape, y.shape))
        return len(y)

    history = fit(
        model, MSE(), descent(model), plane, 1, validation=(plane[0][:7], plane[1][:7]),
        metrics={"samples": count}, batch_size=32, rng=0,
    )  # fmt: skip
    assert history["samples"] == [50]
    assert history["validation_samples"] == [7]
    assert seen[-2:] == [((50, 1), (50, 1)), ((7, 1), (7, 1))]


def test_what_comes_after_y_in_a_batch_is_handed_to_the_loss(plane):
    model = linear()
    x, y = plane
    model.weights.els = np.zeros((2, 1))
    weights = np.zeros(50)
    weights[3] = 1
    history = fit(model, MSE(), descent(model, 0.0), (x, y, weights), 1, batch_size=50, rng=0)
    assert history["loss"] == pytest.approx([y[3, 0] ** 2], rel=1e-12)


def test_any_iterable_of_tuples_is_data(plane):
    model = linear()
    x, y = plane
    history = fit(model, MSE(), descent(model), [(x[:20], y[:20]), (x[20:], y[20:])], epochs=2)
    assert len(history) == 2


def test_validation_changes_neither_parameters_nor_buffers_and_draws_nothing(plane):
    model = Sequential(linear(), BatchNorm(1, dtype=np.float64), Dropout(0.5, rng=0))
    without = Sequential(linear(), BatchNorm(1, dtype=np.float64), Dropout(0.5, rng=0))
    fit(model, MSE(), descent(model), plane, 2, validation=plane, metrics=[rmse], rng=0)
    fit(without, MSE(), descent(without), plane, 2, rng=0)
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, without.state_dict()[path], strict=True)


def test_the_model_learns_in_training_mode_and_is_validated_in_eval_mode(plane):
    modes = []

    class Witness(Module):
        def __init__(self) -> None:
            self.layer = linear()

        def forward(self, x):
            modes.append((self.training, len(x)))
            return self.layer(x)

    model = Witness().eval()
    held_out = plane[0][:7], plane[1][:7]
    fit(model, MSE(), descent(model), plane, 1, validation=held_out, rng=0, compile=False)
    assert modes == [(False, 7), (True, 32), (True, 18), (False, 7)]
    assert model.training is True


def test_the_learning_rate_is_that_with_which_an_epoch_began(plane):
    model = linear()
    optimizer = SGD(model.parameters(), exponential_decay(0.1, decay=0.5))
    history = fit(model, MSE(), optimizer, plane, epochs=3, batch_size=25, rng=0)
    assert history["learning_rate"] == pytest.approx([0.1 * np.exp(-i) for i in range(3)])


def test_gradient_norms_are_those_before_clipping(plane):
    model = linear()
    x, y = plane
    missed = 2 / 50 * (x @ model.weights.els + model.biases.els - y)
    weights, biases = np.linalg.norm(x.T @ missed), np.abs(missed.sum())
    history = fit(
        model, MSE(), descent(model), plane, 1, batch_size=50, rng=0,
        gradient_norms=True, clip_norm=1e-3, clip_values=1e-3,
    )  # fmt: skip
    assert history["gradient_norm.weights"] == pytest.approx([weights], rel=1e-12)
    assert history["gradient_norm.biases"] == pytest.approx([biases], rel=1e-12)
    assert history["gradient_norm"] == pytest.approx([np.hypot(weights, biases)], rel=1e-12)


def test_gradient_norms_leave_frozen_parameters_out(plane):
    model = Sequential(linear().freeze(), Linear(1, 1, rng=0))
    history = fit(model, MSE(), descent(model), plane, 1, gradient_norms=True, rng=0)
    assert "gradient_norm.1.weights" in history.columns
    assert "gradient_norm.0.weights" not in history.columns


def test_clipping_bounds_the_step(plane):
    model = linear()
    before = np.append(model.weights.els, model.biases.els)
    fit(model, MSE(), descent(model, 1.0), plane, 1, batch_size=50, clip_norm=0.01, rng=0)
    after = np.append(model.weights.els, model.biases.els)
    assert np.linalg.norm(after - before) == pytest.approx(0.01, rel=1e-6)

    fit(model, MSE(), descent(model, 1.0), plane, 1, batch_size=50, clip_values=0.001, rng=0)
    moved = np.append(model.weights.els, model.biases.els) - after
    np.testing.assert_allclose(np.abs(moved), 0.001, rtol=1e-6)


class Diary(Callback):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.entries: list[str] = []

    def on_start(self, run):
        self.entries.append("start")

    def on_batch(self, run):
        assert np.isfinite(run.batch_loss)
        self.entries.append(f"batch {run.batch}/{run.batches}")

    def on_epoch(self, run):
        assert len(run.history) == run.epoch
        self.entries.append(f"epoch {run.epoch}/{run.epochs}")

    def on_end(self, run):
        self.entries.append("end")


def test_callbacks_are_told_of_each_moment(plane):
    model, diary = linear(), Diary()
    fit(model, MSE(), descent(model), plane, 2, callbacks=[diary], rng=0)
    epoch = ["batch 1/2", "batch 2/2"]
    assert diary.entries == ["start", *epoch, "epoch 1/2", *epoch, "epoch 2/2", "end"]


def test_a_callback_that_overrides_nothing_does_nothing(plane):
    model = linear()
    assert len(fit(model, MSE(), descent(model), plane, 1, callbacks=[Callback()], rng=0)) == 1


def test_a_callback_can_stop_the_training_after_the_epoch(plane):
    class Enough(Callback):
        def on_batch(self, run):
            run.stop("one batch is enough")

    model = linear()
    history = fit(model, MSE(), descent(model), plane, 9, callbacks=[Enough()], rng=0)
    assert (len(history), history.stopped) == (1, "one batch is enough")
    fit(model, MSE(), descent(model), plane, 2, history=history, rng=0)
    assert (len(history), history.stopped) == (3, None)


def test_ctrl_c_ends_the_callbacks_and_leaves_the_epochs_in_the_history_that_was_passed(plane):
    class Interruption(Callback):
        def on_batch(self, run):
            if run.epoch == 3:
                raise KeyboardInterrupt

    model, diary, history = linear(), Diary(), History()
    with pytest.raises(KeyboardInterrupt):
        fit(
            model, MSE(), descent(model), plane, 9,
            callbacks=[diary, Interruption()], history=history, rng=0,
        )  # fmt: skip
    assert len(history) == 2
    assert diary.entries[-1] == "end"


def test_a_history_can_be_gone_on_with(plane):
    model = linear()
    optimizer = descent(model)
    history = fit(model, MSE(), optimizer, plane, 2, rng=0)
    assert fit(model, MSE(), optimizer, plane, 2, history=history, rng=1) is history
    assert len(history) == 4
    assert all(later < earlier for earlier, later in pairwise(history["loss"]))


def test_a_loss_that_is_not_finite_ends_the_training(plane):
    model = linear()
    with np.errstate(all="ignore"):
        history = fit(model, MSE(), descent(model, 1e200), plane, 9, rng=0)
    assert history.stopped.startswith("the loss is not a finite number: in step 2, ")
    assert len(history) == 1


def test_nothing_is_learnt_from_a_loss_that_is_not_finite(plane):
    x, y = plane
    y = y.copy()
    y[40] = np.inf
    model = linear()
    kept = []

    class Keep(Callback):
        def on_batch(self, run):
            kept.append(run.model.state_dict())

    batches = Batches(x, y, batch_size=16, shuffle=False)
    history = fit(model, MSE(), descent(model), batches, 9, callbacks=[Keep()], gradient_norms=True)
    assert "the batch: its y has inf at [8, 0]" in history.stopped
    assert len(kept) == 2
    for path, value in model.state_dict().items():
        np.testing.assert_array_equal(value, kept[-1][path])


@pytest.mark.parametrize(
    ("size", "threads", "expected"), [(2, None, 1), (2, 2, 2), (2000, None, 2), (2000, 1, 1)]
)
def test_a_small_network_learns_with_one_thread(size, threads, expected):
    threadpoolctl = pytest.importorskip("threadpoolctl")
    blas = threadpoolctl.ThreadpoolController().select(user_api="blas")
    seen = []

    class See(Callback):
        def on_batch(self, run):
            seen.append(max(library["num_threads"] for library in blas.info()))

    with threadpoolctl.threadpool_limits(2):
        if max(library["num_threads"] for library in blas.info()) < 2:
            pytest.skip("BLAS has a single thread here")
        x, y = np.ones((32, size)), np.ones((32, 300))
        model = Linear(size, 300, rng=0)
        fit(model, MSE(), descent(model), (x, y), 1, callbacks=[See()], threads=threads)
    assert set(seen) == {expected}
