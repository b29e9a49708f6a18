"""Batches: every sample once an epoch, in an order that a seed decides."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork import Tensor
from glasswork.data import Batches
from glasswork.errors import DataError, OptionError, ShapeError
from glasswork.randomness import seed


class Squares:
    """A dataset that is computed as it is asked for."""

    def __init__(self, length: int = 10) -> None:
        self.length = length
        self.asked: list[int] = []

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> tuple[np.ndarray, int]:
        self.asked.append(index)
        return np.full((2, 3), index, np.float32), index**2


def epoch(batches: Batches) -> np.ndarray:
    """The first array of an epoch, whole."""
    return np.concatenate([batch[0] for batch in batches])


@given(
    samples=st.integers(1, 40),
    batch_size=st.integers(1, 45),
    n=st.integers(0, 5),
    last=st.booleans(),
)
def test_an_epoch_holds_every_sample_once(samples, batch_size, n, last):
    if last and batch_size > samples:
        return
    batches = Batches(np.arange(samples), batch_size=batch_size, drop_last=last, rng=n)
    sizes = [len(batch) for (batch,) in batches]
    assert len(sizes) == len(batches)
    assert set(sizes[:-1]) <= {batch_size}
    seen = epoch(batches)
    assert len(set(seen)) == len(seen) == (samples - samples % batch_size if last else samples)


def test_rows_of_several_arrays_stay_together(rng):
    x = rng.random((50, 3))
    for x_batch, y_batch, z_batch in Batches(x, x[:, 0], x.sum(axis=1), batch_size=8, rng=1):
        assert (x_batch[:, 0] == y_batch).all()
        assert (x_batch.sum(axis=1) == z_batch).all()


def test_a_single_array_comes_in_a_tuple_too():
    (batch,) = next(iter(Batches(np.arange(3), batch_size=3, shuffle=False)))
    assert batch.tolist() == [0, 1, 2]


def test_without_shuffling_samples_come_as_they_stand():
    batches = Batches(np.arange(7), batch_size=3, shuffle=False)
    assert [batch.tolist() for (batch,) in batches] == [[0, 1, 2], [3, 4, 5], [6]]


def test_the_last_odd_batch_can_be_dropped():
    batches = Batches(np.arange(7), batch_size=3, shuffle=False, drop_last=True)
    assert [batch.tolist() for (batch,) in batches] == [[0, 1, 2], [3, 4, 5]]


def test_nothing_is_dropped_when_no_batch_is_odd():
    assert len(Batches(np.arange(6), batch_size=3, drop_last=True)) == 2


def test_each_epoch_has_a_new_order_and_a_seed_repeats_them_all():
    batches = Batches(np.arange(100), rng=4)
    first, second = epoch(batches), epoch(batches)
    assert (first != second).any()
    again = Batches(np.arange(100), rng=4)
    assert (epoch(again) == first).all()
    assert (epoch(again) == second).all()


def test_an_order_does_not_depend_on_the_batch_size():
    assert (
        epoch(Batches(np.arange(20), batch_size=3, rng=4)) == epoch(Batches(np.arange(20), rng=4))
    ).all()


def test_the_state_of_the_generator_brings_an_order_back():
    batches = Batches(np.arange(30), rng=4)
    epoch(batches)
    state = batches.rng.bit_generator.state
    second = epoch(batches)
    batches.rng.bit_generator.state = state
    assert (epoch(batches) == second).all()


def test_the_default_generator_gives_the_orders_when_none_is_passed():
    seed(8)
    first = epoch(Batches(np.arange(30)))
    seed(8)
    assert (epoch(Batches(np.arange(30))) == first).all()


def test_two_passes_at_once_do_not_disturb_each_other():
    batches = Batches(np.arange(10), batch_size=2, rng=0)
    pairs = list(zip(batches, batches, strict=True))
    for side in zip(*pairs, strict=True):
        assert sorted(np.concatenate([batch for (batch,) in side])) == list(range(10))


@pytest.mark.parametrize("shuffle", [True, False])
def test_batches_are_new_arrays_that_may_be_written_to(shuffle):
    x = np.zeros((4, 2))
    for (batch,) in Batches(x, batch_size=2, shuffle=shuffle, rng=0):
        batch.fill(1)
    assert not x.any()


@pytest.mark.parametrize("layout", ["C", "F", "sliced", "swapped"])
def test_the_layout_of_an_array_makes_no_difference(layout):
    x = np.arange(24.0).reshape(8, 3)
    arrays = {
        "C": x,
        "F": np.asfortranarray(x),
        "sliced": np.repeat(x, 2, axis=1)[:, ::2],
        "swapped": x.astype(">f8"),
    }
    assert (epoch(Batches(arrays[layout], batch_size=3, rng=0)) == epoch(Batches(x, rng=0))).all()


@pytest.mark.parametrize("order", ["C", "F"])
def test_of_a_memory_mapped_array_only_the_rows_of_a_batch_are_read(tmp_path, order):
    x = np.arange(80_000.0).reshape(10_000, 8)
    np.save(tmp_path / "x.npy", x.copy(order=order))
    batches = Batches(np.load(tmp_path / "x.npy", mmap_mode="r"), batch_size=100, rng=0)
    tracemalloc.start()
    (batch,) = next(iter(batches))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert type(batch) is np.ndarray
    assert (batch == x[batch[:, 0].astype(int) // 8]).all()
    assert most < x.nbytes / 4  # the order alone is an eighth


def test_array_likes_become_arrays():
    x_batch, y_batch = next(iter(Batches([[1, 2], [3, 4]], (0, 1), shuffle=False)))
    assert x_batch.tolist() == [[1, 2], [3, 4]]
    assert y_batch.tolist() == [0, 1]


def test_an_object_with_len_and_indexing_is_stacked_part_by_part():
    squares = Squares()
    x_batch, y_batch = next(iter(Batches(squares, batch_size=4, shuffle=False)))
    assert (x_batch.shape, x_batch.dtype) == ((4, 2, 3), np.float32)
    assert y_batch.tolist() == [0, 1, 4, 9]
    assert squares.asked == [0, 1, 2, 3]


def test_an_object_is_shuffled_as_an_array_is():
    (x, y), *_ = Batches(Squares(), batch_size=10, rng=3)
    assert (y == epoch(Batches(np.arange(10), rng=3)) ** 2).all()
    assert (x[:, 0, 0] ** 2 == y).all()


def test_samples_that_are_no_tuples_are_one_part():
    (batch,) = next(iter(Batches([[1, 2], [3, 4], [5, 6]], shuffle=False)))
    assert batch.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_arrays_of_different_length_are_refused_with_their_shapes():
    with pytest.raises(ShapeError, match="differ in length") as error:
        Batches(np.zeros((5, 2)), np.zeros(4))
    assert "(5, 2), (4,)" in str(error.value)


def test_what_has_no_rows_is_refused():
    with pytest.raises(ShapeError, match="argument 1 has no rows"):
        Batches(np.zeros(3), 7)
    with pytest.raises(ShapeError, match="one object with len and indexing"):
        Batches(iter([1, 2]))
    with pytest.raises(ShapeError, match="argument 1 is no array"):
        Batches(np.zeros(2), [[1], [2, 3]])


@pytest.mark.parametrize("nothing", [[], [np.zeros((0, 4))], [[]]], ids=repr)
def test_no_data_is_refused(nothing):
    with pytest.raises(DataError, match=r"no data|the data is empty"):
        Batches(*nothing)


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, None, "8"], ids=repr)
def test_a_batch_size_that_is_no_count_is_refused(batch_size):
    with pytest.raises(OptionError, match=f"batch_size is {batch_size!r}"):
        Batches(np.zeros(3), batch_size=batch_size)


def test_dropping_the_only_batch_is_refused():
    with pytest.raises(OptionError, match="drop_last leaves nothing") as error:
        Batches(np.zeros(3), batch_size=8, drop_last=True)
    assert "The number of samples is 3, and batch_size is 8." in str(error.value)


@pytest.mark.parametrize(
    ("samples", "shapes"),
    [
        ([(np.zeros(2), 0), (np.zeros(3), 1)], "((2,), ()) and ((3,), ())"),
        ([(0, 1), (0,)], "((), ()) and ((),)"),
    ],
)
def test_samples_that_cannot_be_stacked_are_refused_with_their_shapes(samples, shapes):
    with pytest.raises(DataError, match="cannot be stacked") as error:
        next(iter(Batches(samples, shuffle=False)))
    assert shapes in str(error.value)


def test_the_repr_counts_samples_and_batches():
    batches = Batches(np.zeros(1438), batch_size=32)
    assert repr(batches) == "<Batches: 1,438 samples in 45 batches of 32>"


def test_what_comes_after_some_batches_is_the_rest_of_the_epoch():
    x = np.arange(10)
    whole = [rows.tolist() for (rows,) in Batches(x, batch_size=3, rng=5)]
    for done in range(len(whole) + 1):
        rest = Batches(x, batch_size=3, rng=5).after(done)
        assert [rows.tolist() for (rows,) in rest] == whole[done:]


def test_what_comes_after_all_batches_has_drawn_its_order():
    one, other = (Batches(np.arange(10), batch_size=3, rng=5) for _ in range(2))
    list(one), other.after(4)
    assert one.rng.random() == other.rng.random()


def test_rows_are_those_at_the_places_asked_for():
    x, y = np.arange(5), np.arange(5) * 10
    first, second = Batches(x, y).rows(np.array([3, 0]))
    assert first.tolist() == [3, 0] and second.tolist() == [30, 0]


def test_one_tensor_gives_arrays_as_several_do():
    x = np.arange(6.0).reshape(3, 2)
    (batch,) = next(iter(Batches(Tensor(x), batch_size=3, shuffle=False)))
    assert type(batch) is np.ndarray
    np.testing.assert_array_equal(batch, x)


class Table(Squares):
    """What tables of pandas are to us: indexed by columns, and an array for NumPy."""

    __dataframe__ = None

    def __array__(self, dtype=None, copy=None):
        return np.arange(20.0).reshape(self.length, 2)


def test_a_table_alone_is_an_array_of_its_rows():
    (rows,) = Batches(Table(), batch_size=10, shuffle=False)
    np.testing.assert_array_equal(*rows, np.arange(20.0).reshape(10, 2))


def test_a_mapping_of_arrays_is_refused_with_what_to_pass():
    with pytest.raises(DataError, match=r"a mapping of 'x', 'y'\.\n  Pass its arrays"):
        Batches({"x": np.ones(3), "y": np.ones(3)})
