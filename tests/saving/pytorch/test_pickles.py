"""The machine makes plain values, and nothing else can be made with it."""

import io
import pickle
import subprocess
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.errors import DataError
from glasswork.saving.pytorch.pickles import unpickle

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner, inner, inner)
        | st.dictionaries(st.text() | st.integers(), inner, max_size=3)
    ),
    max_leaves=12,
)


def value_of(content):
    return unpickle(io.BytesIO(content)).value


@given(PLAIN, st.sampled_from([2, 3, 4, 5]))
def test_plain_values_come_back(value, protocol):
    assert value_of(pickle.dumps(value, protocol)) == value


def test_long_lists_and_dicts_come_back():
    value = {f"layer {i}": list(range(i % 7)) for i in range(3000)}
    assert value_of(pickle.dumps(value, 2)) == value


def test_a_value_that_is_met_again_is_the_same_one():
    inner = [1]
    again = value_of(pickle.dumps([inner, inner], 2))
    assert again[0] is again[1]


def test_the_stream_stands_behind_the_pickle():
    stream = io.BytesIO(pickle.dumps(1, 2) + pickle.dumps("two", 2) + b"rest")
    assert [unpickle(stream).value, unpickle(stream).value, stream.read()] == [1, "two", b"rest"]


class Runs:
    """Would run a command where it is unpickled."""

    def __reduce__(self):
        return subprocess.check_output, (["echo", "ran"],)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_nothing_is_ever_run(protocol, monkeypatch):
    content = pickle.dumps(Runs(), protocol)
    monkeypatch.setattr(subprocess, "check_output", lambda command: pytest.fail("it ran"))
    with pytest.raises(DataError, match=r"check_output|does not write"):
        value_of(content)


@pytest.mark.parametrize(
    "name",
    [b"os system", b"builtins eval", b"torch._utils __builtins__", b"collections OrderedDict.get"],
)
def test_names_that_stand_for_no_tensor_are_named(name):
    module, _, attribute = name.partition(b" ")
    for content in (
        b"\x80\x02c" + module + b"\n" + attribute + b"\n.",
        b"\x80\x04\x8c%c%s\x8c%c%s\x93." % (len(module), module, len(attribute), attribute),
    ):
        with pytest.raises(DataError, match=name.replace(b" ", b".").decode()):
            value_of(content)


DICT, TENSOR = b"ccollections\nOrderedDict\n", b"ctorch._utils\n_rebuild_tensor_v2\n"
FLOAT = b"ctorch\nFloatStorage\n"
OF = TENSOR + b"((X\x07\0\0\0storage" + FLOAT + b"X\x01\0\0\0aX\x03\0\0\0cpuK\x06tQ"

BROKEN = {
    "nothing": (b"", "exhausted"),
    "no end": (b"\x80\x02K\x01", "exhausted"),
    "no value": (b"\x80\x02.", "IndexError"),
    "an unknown instruction": (b"\x80\x02\xff.", "unknown"),
    "a value taken away": (b"\x80\x02K\x01K\x020.", "does not write"),
    "a text cut off": (b"\x80\x02X\xff\xff\xff\x7fabc", "expected 2147483647 bytes"),
    "bytes beyond any memory": (b"\x80\x04\x8e" + b"\xff" * 7 + b"\x7f.", "only 1 remain"),
    "an escape that is none": (b"S'\\R'\n.", "escape"),
    "text that is none": (b"\x80\x02X\x01\0\0\0\xff.", "codec"),
    "a mark that is not there": (b"\x80\x02t.", "IndexError"),
    "a tuple of too little": (b"\x80\x02K\x01\x86.", "empty stack"),
    "a number beyond those given": (b"\x80\x02h\x05.", "IndexError"),
    "a number far ahead": (b"\x80\x02K\x01r\xff\xff\xff\x7f.", "IndexError"),
    "appending to a number": (b"\x80\x02K\x01K\x02a.", "int is no list"),
    "putting into a number": (b"\x80\x02K\x01K\x02K\x03s.", "int is no dict"),
    "a list as a name": (b"\x80\x02}]K\x01s.", "list is no name"),
    "a name without a value": (b"\x80\x02}(K\x01u.", "shorter"),
    "calling a number": (b"\x80\x02K\x01)R.", "is no function"),
    "calling a storage": (b"\x80\x02" + FLOAT + b")R.", "is no function"),
    "calling with a list": (b"\x80\x02" + DICT + b"]R.", "is no function"),
    "a tensor of nothing": (b"\x80\x02" + TENSOR + b")R.", "TypeError"),
    "a tensor of a number": (b"\x80\x02" + TENSOR + b"(K\x01K\0))\x89)tR.", "TypeError"),
    "a storage by another word": (b"\x80\x02(X\x01\0\0\0a" + FLOAT + b"tQ.", "unknown way"),
    "a name on the stack": (b"\x80\x04K\x01K\x02\x93.", "no text"),
    "a tensor too long": (b"\x80\x02" + OF + b"K\0K\x07\x85K\x01\x85\x89)tR.", "reaches beyond"),
    "a tensor below 0": (b"\x80\x02" + OF + b"K\0J\xff\xff\xff\xff\x85K\x01\x85\x89)tR.", "beyond"),
    "too many strides": (b"\x80\x02" + OF + b"K\0K\x02\x85K\x01K\x01\x86\x89)tR.", "beyond"),
    "values without end": (b"\x80\x02" + b"N" * 20_000, "too many values"),
    "marks without end": (b"\x80\x02" + b"(" * 20_000, "too many"),
    "lists without end": (b"\x80\x02(" + b"](" * 30_000, "too many"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_pickle_is_one_clear_error(case):
    content, message = BROKEN[case]
    tracemalloc.start()
    with pytest.raises(DataError, match=message) as caught:
        value_of(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "write or fetch it again" in str(caught.value)
    assert peak < 10 * len(content) + 10_000_000


def test_lists_within_lists_without_end_are_let_go_again():
    deep = b"\x80\x02" + b"]" * 9000 + b"a" * 8999 + b"."
    assert isinstance(value_of(deep), list)
