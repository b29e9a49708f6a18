from __future__ import annotations

import pytest

from glasswork.errors import OptionError
from glasswork.train.journal import Journal


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.csv"


def write(path, *lines: str, **options) -> int:
    journal = Journal(path, **options)
    for line in lines:
        journal.add(line)
    length = journal.length()
    journal.close()
    return length


def test_an_empty_file_begins_with_the_heading_and_others_go_on(path):
    write(path, "1", heading="n")
    write(path, "2", heading="n")
    assert path.read_text() == "n\n1\n2\n"


def test_a_file_without_a_heading_needs_none(path):
    write(path, "1")
    write(path, "2")
    assert path.read_text() == "1\n2\n"


def test_anew_forgets_what_was_there(path):
    write(path, "1", heading="m")
    write(path, "2", heading="n", anew=True)
    assert path.read_text() == "n\n2\n"


def test_another_heading_is_refused_and_nothing_is_changed(path):
    write(path, "1", heading="m")
    with pytest.raises(OptionError, match=r"a.csv: the file has other columns.\n  They are m\n"):
        Journal(path, heading="n")
    assert path.read_text() == "m\n1\n"


def test_half_a_line_that_a_kill_left_is_ended(path):
    path.write_text("n\n1\n2,")
    write(path, "3", heading="n")
    assert path.read_text() == "n\n1\n2,\n3\n"


def test_what_lies_beyond_a_length_is_cut_off_and_written_again(path):
    length = write(path, "1")
    write(path, "2", "3")
    journal = Journal(path)
    journal.cut(length)
    journal.add("2")
    journal.close()
    assert path.read_text() == "1\n2\n"


def test_half_a_line_is_cut_off_to_the_byte(path):
    length = write(path, "1")
    path.write_text(path.read_text() + "2,")
    journal = Journal(path)
    journal.cut(length)
    journal.close()
    assert path.read_text() == "1\n"


def test_a_shorter_file_keeps_what_it_has(path):
    write(path, "1")
    journal = Journal(path)
    journal.cut(1000)
    journal.add("2")
    journal.close()
    assert path.read_text() == "1\n2\n"


def test_the_length_counts_what_is_on_the_disk(path):
    assert write(path, "γ") == path.stat().st_size == 3


def test_others_see_the_lines_after_a_flush(path):
    journal = Journal(path)
    journal.add("1")
    journal.flush()
    assert path.read_text() == "1\n"
    journal.close()
