"""The safetensors format: what we write others read, and a broken file is one clear error."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.errors import DataError, DtypeError, OptionError
from glasswork.saving import safetensors
from glasswork.saving.safetensors import read_safetensors, write_safetensors

CODES = ["f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "?"]


def file_of(header, data=b""):
    """The bytes of a file with any header, right or wrong."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(shape, begin, end, dtype="U8"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


@pytest.fixture
def read(tmp_path):
    def read(content):
        (tmp_path / "a.safetensors").write_bytes(content)
        return read_safetensors(tmp_path / "a.safetensors")

    return read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (7,), (2, 3)])
@pytest.mark.parametrize("order", "<>")
def test_every_dtype_shape_and_byte_order_comes_back(path, code, shape, order):
    array = (np.arange(np.prod(shape, dtype=int)).reshape(shape) % 5 - 2).astype(order + code)
    write_safetensors(path, {"a": array})
    back = read_safetensors(path)[0]["a"]
    assert back.shape == shape
    assert back.dtype == np.dtype(code)
    assert back.dtype.isnative
    np.testing.assert_array_equal(back, array)


@pytest.mark.parametrize(
    "view",
    [lambda a: a.T, lambda a: a[::2, ::-1], np.asfortranarray, lambda a: a[1:, 1]],
)
def test_strides_do_not_matter(path, view):
    array = view(np.arange(24.0).reshape(4, 6))
    write_safetensors(path, {"a": array})
    np.testing.assert_array_equal(read_safetensors(path)[0]["a"], array)


def test_special_values_come_back_bit_for_bit(path):
    array = np.array([np.nan, -np.nan, np.inf, -0.0, 5e-324])
    write_safetensors(path, {"a": array})
    assert read_safetensors(path)[0]["a"].tobytes() == array.tobytes()


def test_order_of_names_and_metadata_come_back(path):
    tensors = {name: np.zeros(size, dtype) for name, size, dtype in
               [("z", 3, "i1"), ("ä.0", 2, "f8"), ("", 1, "f4")]}  # fmt: skip
    write_safetensors(path, tensors, {"γ": "1", "b": ""})
    arrays, metadata = read_safetensors(path)
    assert list(arrays) == ["z", "ä.0", ""]
    assert metadata == {"γ": "1", "b": ""}


def test_no_tensors_at_all_come_back(path):
    write_safetensors(path, {})
    assert read_safetensors(path) == ({}, {})


def test_arrays_are_the_readers_own(path):
    write_safetensors(path, {"a": np.ones(3, "f4"), "b": np.ones((), "?"), "c": np.ones(2)})
    for array in read_safetensors(path)[0].values():
        assert array.flags.owndata
        assert array.flags.writeable
        assert array.flags.aligned


def test_data_starts_and_stays_aligned(path):
    write_safetensors(path, {"a": np.ones(3, "i1"), "b": np.ones(3, "f4"), "c": np.ones(3)})
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    assert length % 8 == 0
    assert [header[name]["data_offsets"][0] for name in "cba"] == [0, 24, 36]


def test_the_same_tensors_make_the_same_bytes(path):
    write_safetensors(path, {"a": np.ones(3)}, {"k": "v"})
    first = path.read_bytes()
    write_safetensors(path, {"a": np.ones(3)}, {"k": "v"})
    assert path.read_bytes() == first


def test_bf16_becomes_the_float32_whose_upper_half_it_is(read):
    for shape in [[2, 2], [4]]:
        data = np.array([0x3F80, 0xC000, 0x7F80, 0x0001], "<u2").tobytes()
        array = read(file_of({"a": entry(shape, 0, 8, "BF16")}, data))[0]["a"]
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array.ravel(), np.float32([1, -2, np.inf, 2.0**-133]))
    scalar = read(file_of({"a": entry([], 0, 2, "BF16")}, b"\x80\x3f"))[0]["a"]
    assert scalar.shape == ()
    assert scalar == 1


def test_any_byte_but_zero_is_true(read):
    array = read(file_of({"a": entry([3], 0, 3, "BOOL")}, b"\x00\x01\x07"))[0]["a"]
    assert array.tobytes() == b"\x00\x01\x01"


@pytest.mark.parametrize("array", [np.ones(2, complex), np.array(["a"]), np.array([None])])
def test_a_dtype_without_a_place_is_named(path, array):
    with pytest.raises(DtypeError, match=rf"(?s)'w' has the dtype {array.dtype}.*astype"):
        write_safetensors(path, {"w": array})
    assert not path.exists()


@pytest.mark.parametrize(
    ("tensors", "metadata"),
    [
        ({3: np.ones(1)}, None),
        ({"__metadata__": np.ones(1)}, None),
        ({}, {"epoch": 3}),
        ({}, {3: ""}),
    ],
)
def test_names_and_metadata_that_are_not_text_are_refused(path, tensors, metadata):
    with pytest.raises(OptionError, match="names and metadata must be text"):
        write_safetensors(path, tensors, metadata)


def test_a_header_that_no_reader_would_take_is_not_written(path, monkeypatch):
    monkeypatch.setattr(safetensors, "LONGEST_HEADER", 40)
    with pytest.raises(OptionError, match=r"(?s)would take 88 bytes.*allows 40"):
        write_safetensors(path, {"a" * 30: np.ones(1)})
    assert not path.exists()


NOTHING = json.dumps(entry([0], 0, 0)).encode()
GOOD = {"a": entry([2], 0, 2), "b": entry([3], 2, 5)}

BROKEN = {
    "empty file": (b"", "a header of 0 bytes"),
    "length cut off": (b"\x02\x00", "file has 2"),
    "header cut off": (file_of({})[:-1], "a header of 2 bytes"),
    "header beyond the file": (b"\xff" * 16, "a header of 18,446,744,073,709,551,615 bytes"),
    "header of nothing": (file_of(b""), "a header of 0 bytes"),
    "not UTF-8": (file_of(b"{\xff}"), "not JSON"),
    "not JSON": (file_of(b'{"a"}'), "not JSON"),
    "not an object": (file_of(b"[1]"), "not a JSON object"),
    "space before": (file_of(b" {}"), "not a JSON object"),
    "two values": (file_of(b"{}{}"), "not JSON"),
    "nested for ever": (file_of(b'{"a":' * 50_000), "'a' is described wrongly"),
    "a name twice": (file_of(b'{"a":%b,"a":%b}' % (NOTHING, NOTHING)), "'a' is used twice"),
    "NaN": (file_of(b'{"a":{"dtype":NaN}}'), "says NaN"),
    "metadata a list": (file_of({"__metadata__": []}), "must map text to text"),
    "metadata of numbers": (file_of({"__metadata__": {"a": 1}}), "must map text to text"),
    "entry a number": (file_of({"a": 1}), "'a' is described wrongly"),
    "entry without dtype": (file_of({"a": {"shape": [], "data_offsets": [0, 0]}}), "wrongly"),
    "dtype a list": (file_of({"a": entry([], 0, 0, [])}), "wrongly"),
    "dtype unknown": (file_of({"a": entry([], 0, 1, "F8_E4M3")}, b"1"), "Known are F64, F32"),
    "shape a number": (file_of({"a": entry(2, 0, 2)}, b"12"), "wrongly"),
    "shape a table": (file_of({"a": entry({}, 0, 2)}, b"12"), "wrongly"),
    "shape negative": (file_of({"a": entry([-1, -2], 0, 2)}, b"12"), "wrongly"),
    "shape of fractions": (file_of({"a": entry([2.0], 0, 2)}, b"12"), "wrongly"),
    "shape of truths": (file_of({"a": entry([True], 0, 1)}, b"1"), "wrongly"),
    "shape beyond its bytes": (file_of({"a": entry([3], 0, 2)}, b"12"), "wrongly"),
    "shape of too many axes": (file_of({"a": entry([1] * 65, 0, 1)}, b"1"), "wrongly"),
    "shape beyond any memory": (file_of({"a": entry([10**12], 0, 10**12)}), "cut off"),
    "empty beyond any memory": (file_of({"a": entry([0, 2**62, 4], 0, 0)}), "wrongly"),
    "one offset": (file_of({"a": {**entry([2], 0, 2), "data_offsets": [2]}}, b"12"), "wrongly"),
    "offsets as text": (file_of({"a": entry([2], "0", "2")}, b"12"), "wrongly"),
    "offsets negative": (file_of({"a": entry([2], -2, 0)}, b"12"), "wrongly"),
    "offsets backwards": (file_of({"a": entry([2], 2, 0)}, b"12"), "wrongly"),
    "overlap": (file_of({**GOOD, "b": entry([3], 1, 4)}, b"1234"), "'b' overlaps"),
    "same bytes twice": (file_of({**GOOD, "c": entry([2], 0, 2)}, b"12345"), "'c' overlaps"),
    "hole": (file_of({**GOOD, "b": entry([3], 3, 6)}, b"123456"), "'b' leaves a hole"),
    "hole at the start": (file_of({"b": entry([3], 2, 5)}, b"12345"), "'b' leaves a hole"),
    "data cut off": (file_of(GOOD, b"1234"), "describes 5 bytes, the file has 4"),
    "bytes after the data": (file_of(GOOD, b"123456"), "followed by other bytes"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_one_clear_error(read, case):
    content, message = BROKEN[case]
    with pytest.raises(DataError, match=message) as caught:
        read(content)
    first, *_, advice = str(caught.value).splitlines()
    assert "a.safetensors: " in first
    assert advice.startswith("  ")


def test_a_good_file_made_by_hand_is_read(read):
    arrays, metadata = read(file_of(GOOD, b"12345"))
    assert {name: array.tobytes() for name, array in arrays.items()} == {"a": b"12", "b": b"345"}
    assert metadata == {}


def test_entries_may_stand_in_any_order_and_say_more(read):
    header = {"b": entry([3], 2, 5) | {"note": "?"}, "e": entry([0], 2, 2), "a": entry([2], 0, 2)}
    arrays, _ = read(file_of(header, b"12345"))
    assert list(arrays) == ["b", "e", "a"]
    assert arrays["b"].tobytes() == b"345"


def test_a_header_longer_than_the_limit_is_refused(read, monkeypatch):
    monkeypatch.setattr(safetensors, "LONGEST_HEADER", 40)
    with pytest.raises(DataError, match="no header has more than 40"):
        read(file_of(GOOD, b"12345"))


def test_a_file_that_shrinks_while_it_is_read_is_refused(path, monkeypatch):
    write_safetensors(path, {"a": np.ones(10_000)})
    check = safetensors._check_tiling

    def shrink(entries, size):
        check(entries, size)
        with path.open("r+b") as file:
            file.truncate(9000)

    monkeypatch.setattr(safetensors, "_check_tiling", shrink)
    with pytest.raises(DataError, match="'a' is cut off"):
        read_safetensors(path)


def test_a_missing_file_is_the_systems_own_error(path):
    with pytest.raises(FileNotFoundError):
        read_safetensors(path)


@st.composite
def mutations(draw):
    """The bytes of a good file with some bytes changed, removed or put in."""
    header = {"__metadata__": {"k": "v"}, "w": entry([2, 3], 0, 24, "F32"), "b": entry([2], 24, 26)}
    content = bytearray(file_of(header, bytes(range(26))))
    for _ in range(draw(st.integers(1, 4))):
        begin = draw(st.integers(0, len(content)))
        end = begin + draw(st.integers(0, 3))
        content[begin:end] = draw(st.binary(max_size=3) | st.sampled_from([b"[", b"-", b"9", b'"']))
    return bytes(content)


@given(mutations())
def test_of_random_damage_only_a_data_error_escapes(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "mutated.safetensors"
    path.write_bytes(content)
    try:
        arrays, metadata = read_safetensors(path)
    except DataError:
        return
    assert sum(array.nbytes for array in arrays.values()) <= 2 * len(content)
    assert all(isinstance(value, str) for value in metadata.values())
