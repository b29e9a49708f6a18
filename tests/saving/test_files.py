"""Files appear whole or not at all."""

import json
import os
import signal
import stat
import subprocess
import sys

import numpy as np
import pytest

from glasswork.errors import OptionError
from glasswork.saving.files import atomic_write, parse_json, remove_leftovers, write_json


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "old.bin"
    path.write_bytes(b"old")
    return path


def untouched(path):
    return path.read_bytes() == b"old" and list(path.parent.iterdir()) == [path]


def test_bytes_and_text_arrive(tmp_path):
    with atomic_write(tmp_path / "a") as file:
        file.write(b"\x00\xff")
    with atomic_write(str(tmp_path / "b"), "w") as file:
        file.write("γ")
    assert (tmp_path / "a").read_bytes() == b"\x00\xff"
    assert (tmp_path / "b").read_bytes() == "γ".encode()


def test_nothing_shows_before_the_block_ends(old):
    with atomic_write(old) as file:
        file.write(b"new")
        file.flush()
        assert old.read_bytes() == b"old"
    assert old.read_bytes() == b"new"


@pytest.mark.parametrize("failure", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_an_exception_in_the_block_leaves_the_old_file_and_nothing_else(old, failure):
    def fail(file):
        file.write(b"half")
        raise failure

    with pytest.raises(failure), atomic_write(old) as file:
        fail(file)
    assert untouched(old)


def test_a_disk_that_takes_no_more_leaves_the_old_file_and_nothing_else(old):
    resource = pytest.importorskip("resource", reason="file size limits are a thing of Unix")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"), atomic_write(old) as file:
            file.write(bytes(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert untouched(old)


def test_a_disk_that_fails_at_the_sync_leaves_the_old_file_and_nothing_else(old, monkeypatch):
    def fail(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left") as caught, atomic_write(old) as file:
        file.write(b"new")
    assert caught.value.filename == str(old)
    assert untouched(old)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_the_old_file(old):
    program = (
        "import os, signal, sys; from glasswork.saving.files import atomic_write\n"
        "with atomic_write(sys.argv[1]) as file:\n"
        "    file.write(b'half'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", program, old], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert old.read_bytes() == b"old"


def test_a_missing_folder_is_named_by_the_callers_path(tmp_path):
    path = tmp_path / "nowhere" / "a"
    with pytest.raises(FileNotFoundError) as caught, atomic_write(path):
        pytest.fail("the block must not run")
    assert caught.value.filename == str(path)
    assert str(caught.value).endswith(f"{str(path)!r}")


def test_a_folder_in_the_way_is_named_by_the_callers_path(tmp_path):
    with pytest.raises(OSError, match=r"directory|denied") as caught, atomic_write(tmp_path):
        pass
    assert str(caught.value).endswith(f"{str(tmp_path)!r}")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_what_is_no_regular_file_stays_what_it_is(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="Not a regular file") as caught, atomic_write(pipe) as file:
        file.write(b"new")
    assert caught.value.filename == str(pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_an_error_about_another_file_keeps_its_name(old):
    with pytest.raises(FileNotFoundError) as caught, atomic_write(old):
        (old.parent / "other").read_bytes()
    assert caught.value.filename == str(old.parent / "other")


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_permissions_of_the_old_file_are_kept(old):
    old.chmod(0o640)
    with atomic_write(old) as file:
        file.write(b"new")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="permissions of Unix")
def test_a_new_file_gets_the_permissions_that_open_gives(tmp_path):
    (tmp_path / "plain").write_bytes(b"")
    with atomic_write(tmp_path / "atomic"):
        pass
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_a_symbolic_link_stays_a_link(old):
    link = old.parent / "link"
    link.symlink_to(old.name)
    with atomic_write(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"


def test_a_system_that_cannot_sync_folders_still_writes(old, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "Permission denied")

    with atomic_write(old) as file:
        file.write(b"new")
        monkeypatch.setattr(os, "open", refuse)
    assert old.read_bytes() == b"new"


def test_another_mode_is_refused(old):
    with (
        pytest.raises(OptionError, match=r"(?s)mode is 'a'.*'wb' for bytes"),
        atomic_write(old, "a"),
    ):
        pass
    assert untouched(old)


def test_json_takes_numpy_and_writes_null_for_what_json_lacks(tmp_path):
    value = {
        "loss": [np.float32(0.5), np.nan, float("inf")],
        "counts": np.array([[1, 2]]),
        "shape": (3,),
        "name": "γ",
        "done": np.True_,
        "none": None,
    }
    write_json(tmp_path / "a.json", value)
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {
        "loss": [0.5, None, None],
        "counts": [[1, 2]],
        "shape": [3],
        "name": "γ",
        "done": True,
        "none": None,
    }


def test_what_json_cannot_say_touches_no_file(old):
    with pytest.raises(TypeError, match="set is not JSON serializable"):
        write_json(old, {"names": {"a"}})
    assert untouched(old)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": {"b": 1, "b": 1}}', "'b' is used twice"),
        ("[NaN]", "says NaN"),
        ("[-Infinity]", "says -Infinity"),
        ("[" * 100_000, "nested too deeply"),
        ("{", "Expecting property name"),
        ("9" * 5000, "digits"),
    ],
)
def test_loose_json_is_a_value_error(text, message):
    with pytest.raises(ValueError, match=message):
        parse_json(text)


def test_leftovers_of_a_kill_are_removed_and_nothing_else(tmp_path):
    for name in (".glasswork-0123456789abcdef", "model.safetensors", ".glasswork"):
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".glasswork", "model.safetensors"]
