"""A header is believed in nothing, and what it costs is in proportion to its length."""

import json
import tracemalloc

import numpy as np
import pytest

from glasswork.errors import DataError
from glasswork.saving.headers import MOST_TEXTS, Entry, read_header, widened

ENTRY = {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}


def test_entries_and_metadata_are_read_in_their_order():
    header = {"b": ENTRY, "__metadata__": {"k": '{"v": "}"}'}, 'ä"\\}': ENTRY | {"more": "}"}}
    for text in (json.dumps(header), json.dumps(header, indent=2, ensure_ascii=False) + "   "):
        entries, metadata = read_header(text.encode())
        assert entries == [Entry(0, 3, name, "U8", (3,)) for name in ("b", 'ä"\\}')]
        assert metadata == {"k": '{"v": "}"}'}


def test_an_empty_header_has_nothing():
    assert read_header(b"{}  ") == read_header(b"{ \n}") == ([], {})


HOSTILE = {
    "lists": b'{"a":{"b":[' + b"[]," * 1_000_000 + b"[]]}}",
    "lists alone": b'{"a":[' + b"[]," * 1_000_000 + b"[]]}",
    "objects": b'{"a":[' + b"{}," * 1_000_000 + b"{}]}",
    "numbers": b'{"a":{"shape":[' + b"1.5," * 700_000 + b"1]}}",
    "names": b"{" + b",".join(b'"%d":1' % i for i in range(300_000)) + b"}",
    "depth": b'{"a":' + b"[" * 3_000_000,
    "metadata": b'{"__metadata__":{'
    + b",".join(b'"%d":""' % i for i in range(MOST_TEXTS + 1))
    + b"}}",
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_header_costs_a_few_times_its_length(case):
    header = HOSTILE[case]
    tracemalloc.start()
    with pytest.raises(DataError, match="write or fetch it again"):
        read_header(header)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(header) + 1_000_000


@pytest.mark.parametrize(
    ("header", "message"),
    [
        (b'{"a": ' + json.dumps(ENTRY).encode() + b",}", "There is no name"),
        (b'{"a": ' + json.dumps(ENTRY).encode() + b' "b"', "breaks off after"),
        (b'{"a": ' + json.dumps(ENTRY).encode() + b"} {", "goes on with"),
        (b'{"a\n": ' + json.dumps(ENTRY).encode() + b"}", "not JSON"),
        (b'{"__metadata__":{},"__metadata__":{}}', "used twice"),
    ],
)
def test_where_a_header_goes_wrong_is_told(header, message):
    with pytest.raises(DataError, match=message):
        read_header(header)


def test_the_halves_become_the_floats_whose_upper_half_they_are():
    bits = [[0x3F80, 0xC000], [0x7F80, 0x0001]]
    for order in "<>":
        wide = widened(np.array(bits, f"{order}u2"))
        assert wide.dtype == np.float32
        np.testing.assert_array_equal(wide, np.float32([[1, -2], [np.inf, 2.0**-133]]))


def test_a_single_one_and_views_are_widened():
    assert widened(np.array(0x3F80, "<u2")).shape == ()
    assert widened(np.array([[1, 0x4000], [2, 0x3F80]], "<u2")[:, 1]).tolist() == [2, 1]
