from __future__ import annotations

import signal
from threading import Thread

import pytest

from glasswork.cli.ctrl_c import CtrlC


def press() -> None:
    signal.raise_signal(signal.SIGINT)


def test_it_ends_an_action_that_it_may_end():
    done = []
    with CtrlC() as ctrl_c:
        assert ctrl_c.ends(lambda: [press(), done.append("the rest")])
    assert ctrl_c.pressed
    assert done == []


def test_an_action_without_it_runs_to_its_end():
    done = []
    with CtrlC() as ctrl_c:
        assert not ctrl_c.ends(lambda: done.append("all"))
    assert not ctrl_c.pressed
    assert done == ["all"]


def test_between_actions_it_is_held_back_and_ends_the_next_one_alone():
    done = []
    with CtrlC() as ctrl_c:
        press()
        done.append("kept")
        assert ctrl_c.ends(lambda: done.append("first"))
        assert not ctrl_c.ends(lambda: done.append("second"))
    assert done == ["kept", "second"]


def test_a_second_one_does_not_cut_off_what_the_first_one_set_off():
    done = []

    def action() -> None:
        try:
            press()
        finally:
            press()
            done.append("tidied")

    with CtrlC() as ctrl_c:
        assert ctrl_c.ends(action)
    assert done == ["tidied"]


def test_another_error_passes():
    with pytest.raises(ZeroDivisionError), CtrlC() as ctrl_c:
        ctrl_c.ends(lambda: 1 / 0)


def test_afterwards_it_means_what_it_did():
    with CtrlC():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with pytest.raises(KeyboardInterrupt):
        press()


def test_where_it_is_ignored_it_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with CtrlC() as ctrl_c:
            assert not ctrl_c.ends(press)
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    assert not ctrl_c.pressed


def test_a_thread_can_use_it_though_ctrl_c_never_comes_there():
    ended = []

    def work() -> None:
        with CtrlC() as ctrl_c:
            ended.append(ctrl_c.ends(lambda: None))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert ended == [False]
