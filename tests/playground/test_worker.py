from __future__ import annotations

import gc
import threading
import weakref

import pytest

from glasswork.playground.session import Session
from glasswork.playground.worker import Worker


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.close()


def test_no_thread_is_there_before_there_is_something_to_do():
    before = threading.active_count()
    Worker()
    assert threading.active_count() == before


def test_tasks_are_done_in_a_thread_one_after_the_other(worker):
    done = []
    futures = [worker.do(lambda i=i: done.append((i, threading.get_ident()))) for i in range(5)]
    for future in futures:
        future.result(timeout=60)
    assert [i for i, _ in done] == list(range(5))
    assert len({thread for _, thread in done} - {threading.get_ident()}) == 1


def test_an_error_goes_to_who_asked_and_the_worker_goes_on(worker):
    with pytest.raises(ZeroDivisionError):
        worker.do(lambda: 1 / 0).result(timeout=60)
    assert worker.do(lambda: 7).result(timeout=60) == 7


def test_a_task_that_nobody_waits_for_any_more_is_left_out(worker):
    free, done = threading.Event(), []
    worker.do(free.wait)
    future = worker.do(lambda: done.append(1))
    assert future.cancel()
    free.set()
    worker.do(lambda: None).result(timeout=60)
    assert done == []


def steps_of(worker, *sessions):
    """What the worker knows; another thread might ask while a page is being written."""
    return worker.do(lambda: [session.training.steps for session in sessions]).result(timeout=60)


def test_sessions_learn_by_themselves_while_they_play(worker):
    first, second = (worker.do(lambda: Session(worker)).result(timeout=60) for _ in range(2))
    for session in (first, second):
        session.do(lambda own: own.play(2000)).result(timeout=60)
    while min(steps_of(worker, first, second)) < 50:
        pass
    first.do(Session.pause).result(timeout=60)
    steps, other = steps_of(worker, first, second)
    while steps_of(worker, second) < [other + 50]:
        pass
    assert steps_of(worker, first) == [steps]


def test_a_step_that_fails_stops_its_session_and_no_other(worker, monkeypatch):
    first, second = (worker.do(lambda: Session(worker)).result(timeout=60) for _ in range(2))

    def broken() -> bool:
        raise MemoryError("no room")

    monkeypatch.setattr(first.training, "step", broken)
    for session in (first, second):
        session.do(lambda own: own.play(2000)).result(timeout=60)
    while steps_of(worker, second) < [20]:
        pass
    assert not first.running and first.notices == ["the step failed: no room"]


def test_a_session_that_is_closed_leaves_nothing_behind(worker):
    session = worker.do(lambda: Session(worker)).result(timeout=60)
    session.do(lambda own: own.play(2000)).result(timeout=60)
    session.do(Session.frame).result(timeout=60)
    gone = [weakref.ref(part) for part in (session, session.training, session.training.model)]
    session.do(Session.close).result(timeout=60)
    del session
    worker.do(lambda: None).result(timeout=60)
    gc.collect()
    assert [part() for part in gone] == [None, None, None]
