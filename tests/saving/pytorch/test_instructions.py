"""The instructions of a pickle are read as Python's own tools read them."""

import io
import pickle
import pickletools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasswork.saving.pytorch.instructions import instructions

VALUES = (
    st.integers(-(2**40), 2**40) | st.floats() | st.text(max_size=9) | st.none() | st.booleans()
)


@given(st.lists(VALUES) | st.dictionaries(st.text(), VALUES), st.sampled_from([2, 4]))
def test_they_are_those_that_pickletools_names(value, protocol):
    content = pickle.dumps(value, protocol)
    ours = list(instructions(io.BytesIO(content)))
    theirs = list(pickletools.genops(content))
    assert [code for code, _ in ours] == [op.code.encode("latin1") for op, _, _ in theirs]
    for (_, argument), (_, expected, _) in zip(ours, theirs, strict=True):
        assert repr(argument) == repr(expected)  # nan is none to ==


def test_a_name_is_two_lines():
    assert list(instructions(io.BytesIO(b"cos\nsystem\n."))) == [
        (b"c", ("os", "system")),
        (b".", None),
    ]


def test_what_has_an_escape_in_it_is_taken_as_it_stands():
    assert next(instructions(io.BytesIO(b"co\\x73\n\\R\n.")))[1] == ("o\\x73", "\\R")


@pytest.mark.parametrize("content", [b"", b"K", b"X\5\0\0\0abc", b"i", b"\x8a\5\1"])
def test_what_is_cut_off_or_not_known_is_refused(content):
    with pytest.raises(ValueError, match=r"it ends where|does not write"):
        list(instructions(io.BytesIO(content)))
