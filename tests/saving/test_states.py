from __future__ import annotations

import errno
import math
import os

import numpy as np
import pytest

from glasswork.errors import DataError, OptionError
from glasswork.saving.safetensors import read_safetensors, write_safetensors
from glasswork.saving.states import read_state, write_state


def through_a_file(state, tmp_path):
    write_state(tmp_path / "state", state)
    return read_state(tmp_path / "state")


@pytest.mark.parametrize(
    "value",
    [0, -(2**200), 0.1, math.inf, -math.inf, True, None, "γ", [1, [2.5]], (1, (2,)), {}, {"a": {}}],
    ids=repr,
)
def test_a_plain_value_comes_back_as_it_was(value, tmp_path):
    back = through_a_file({"value": value}, tmp_path)["value"]
    assert back == value and type(back) is type(value)


def test_nan_comes_back(tmp_path):
    assert math.isnan(through_a_file({"value": math.nan}, tmp_path)["value"])


def test_a_numpy_number_comes_back_as_a_number_of_python(tmp_path):
    assert through_a_file({"value": np.float32(0.5)}, tmp_path) == {"value": 0.5}


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i8", "u4", "u8", "?"])
def test_an_array_keeps_its_bits_its_dtype_and_its_shape(dtype, tmp_path):
    array = np.random.default_rng(0).integers(0, 2, (2, 0, 3, 1)).astype(dtype)
    for value in (array, np.ones((), dtype), np.arange(6).astype(dtype).reshape(2, 3)):
        back = through_a_file({"value": value}, tmp_path)["value"]
        assert (back.dtype, back.shape) == (value.dtype, value.shape)
        assert back.tobytes() == value.tobytes()


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
def test_an_array_keeps_the_order_of_its_axes_in_memory(axes, tmp_path):
    value = np.arange(24.0).reshape(2, 3, 4).transpose(axes)
    back = through_a_file({"value": value}, tmp_path)["value"]
    assert back.strides == value.strides
    assert np.array_equal(back, value)


def test_arrays_can_be_written_to_after_reading(tmp_path):
    through_a_file({"value": np.zeros((3, 2)).T}, tmp_path)["value"][0, 0] = 1


def test_every_reader_of_safetensors_sees_the_arrays_under_their_paths(tmp_path):
    write_state(tmp_path / "state", {"model": {"0.weights": np.ones(2)}, "seen": [np.zeros(1)]})
    tensors, _ = read_safetensors(tmp_path / "state")
    assert list(tensors) == ["model.0.weights", "seen.0"]


def test_paths_that_read_alike_are_told_apart(tmp_path):
    state = {"a.b": np.zeros(1), "a": {"b": np.ones(1)}}
    back = through_a_file(state, tmp_path)
    assert back["a.b"] == 0 and back["a"]["b"] == 1


def test_a_dict_that_looks_like_a_tag_is_a_dict(tmp_path):
    state = {"value": {"tensor": "a", "dict": {"float": "nan"}}}
    assert through_a_file(state, tmp_path) == state


@pytest.mark.parametrize(
    "value", [{1: 2}, {"a": object()}, 1j, {1, 2}, b"a"], ids=["key", "object", "1j", "set", "b"]
)
def test_what_a_state_cannot_hold_is_named(value, tmp_path):
    with pytest.raises(OptionError, match=r"write_state: seen\.0(\.a)? is .*\n  A state holds"):
        write_state(tmp_path / "state", {"seen": [value]})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"glasswork": "1"},
        {"glasswork": "2", "state": '{"dict": {}}'},
        {"glasswork": "1", "state": "[]"},
        {"glasswork": "1", "state": "{"},
        {"glasswork": "1", "state": '{"dict": {"a": {"tensor": "b"}}}'},
        {"glasswork": "1", "state": '{"dict": {"a": {"tensor": "a", "axes": [5, 5]}}}'},
        {"glasswork": "1", "state": '{"dict": {"a": {"what": 1}}}'},
        {"glasswork": "1", "state": '{"dict": {"a": ' + "[" * 10**5 + "]" * 10**5 + "}}"},
    ],
    ids=range(9),
)
def test_a_file_without_a_state_is_refused(metadata, tmp_path):
    write_safetensors(tmp_path / "state", {"a": np.ones((2, 2))}, metadata)
    with pytest.raises(DataError, match="state: the file holds no state that can be read"):
        read_state(tmp_path / "state")


def test_the_state_before_survives_a_full_disk(tmp_path, monkeypatch):
    write_state(tmp_path / "state", {"step": 1})

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left on device") as caught:
            write_state(tmp_path / "state", {"step": 2})
    assert caught.value.filename == str(tmp_path / "state")
    assert read_state(tmp_path / "state") == {"step": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["state"]
