from __future__ import annotations

import gc
import json
import socket
import sys
import tempfile
import weakref
from contextlib import ExitStack, suppress
from http.client import HTTPConnection
from io import BytesIO
from time import monotonic
from zipfile import ZipFile

import pytest

from glasswork.errors import MissingExtraError
from glasswork.playground import live, server
from glasswork.playground.live import MOST_MESSAGES
from glasswork.playground.server import MOST_SESSIONS, PAGE
from glasswork.playground.serving import server_of
from glasswork.playground.state import CHOICES
from glasswork.playground.uploads import LARGEST

from .served import SOON, calling, serving


@pytest.fixture(scope="module")
def served():
    with serving() as found:
        yield found


@pytest.fixture
def port(served) -> int:
    return served[0]


@pytest.fixture
def call(port):
    """Open a page, until the test is over."""
    with ExitStack() as pages:
        yield lambda **options: pages.enter_context(calling(port, **options))


@pytest.fixture
def caller(call):
    return call()


def request(port, method, path, body=None, headers=None):
    connection = HTTPConnection("127.0.0.1", port, timeout=SOON)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, dict(answer.headers), content


def test_the_page_is_served_and_may_load_nothing_from_elsewhere(port):
    status, headers, content = request(port, "GET", "/")
    assert status == 200 and content == (PAGE / "index.html").read_bytes()
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"


def test_the_files_of_the_page_are_served_with_their_types(port):
    kinds = {".js": "javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg"}
    for path in PAGE.iterdir():
        status, headers, content = request(port, "GET", f"/page/{path.name}")
        assert (status, content) == (200, path.read_bytes())
        assert kinds[path.suffix] in headers["content-type"]


@pytest.mark.parametrize(
    "path",
    ["/page/../server.py", "/page/%2e%2e/server.py", "/page//etc/passwd", "/page/none.js", "/x"],
)
def test_nothing_else_is_served(port, path):
    assert request(port, "GET", path)[0] == 404


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}],
)
@pytest.mark.parametrize("path", ["/", "/page/index.html", "/export", "/upload"])
def test_a_page_of_another_site_gets_nothing(port, path, headers):
    method = "POST" if path == "/upload" else "GET"
    assert request(port, method, path, headers=headers)[0] == 403


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}]
)
def test_a_page_of_another_site_opens_no_socket(port, headers):
    from websockets.exceptions import InvalidStatus
    from websockets.sync.client import connect

    if "Origin" in headers:
        with pytest.raises(InvalidStatus, match="403"):
            connect(f"ws://127.0.0.1:{port}/live", origin=headers["Origin"])
    else:
        handshake = {"Connection": "Upgrade", "Upgrade": "websocket"}
        handshake |= {
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        }
        assert request(port, "GET", "/live", headers=headers | handshake)[0] == 403


def test_our_own_page_opens_one(port, call):
    caller = call(origin=f"http://127.0.0.1:{port}")
    assert caller.hello["state"]["data"] == "spirals" and caller.hello["query"] == ""
    assert set(caller.hello["defaults"]) == {*CHOICES["data"]}


def test_pages_have_networks_of_their_own(call):
    first, second = call(), call()
    assert first.hello["session"] != second.hello["session"]
    first.ask("ready", type="state", state={"data": "moons", "layers": "3"})
    for _ in range(3):
        first.say(type="step")
    while (frame := first.hear("frame"))["step"] < 3:
        pass
    assert frame["arrays"]["weights.0"].shape == (2, 3)
    second.say(type="step")
    while (other := second.hear("frame"))["step"] < 1:
        pass
    assert other["step"] == 1 and other["arrays"]["weights.0"].shape == (2, 8)


def test_the_same_state_gives_the_same_losses_on_two_pages(call):
    curves = []
    for _ in range(2):
        caller = call()
        caller.ask("ready", type="state", state={"data": "circles", "seed": 5, "dropout": 0.1})
        caller.say(type="epoch")
        points = []
        while (frame := caller.hear("frame"))["step"] < 16:
            points += frame["arrays"]["curve"].tolist()
        points += frame["arrays"]["curve"].tolist()
        curves.append({tuple(point) for point in points})
    assert len(curves[0] & curves[1]) >= 2


def test_a_network_learns_while_it_is_looked_at(caller):
    caller.say(type="play", speed=2000)
    while (frame := caller.hear("frame"))["accuracy"] < 0.9:
        assert frame["step"] < 20_000
    caller.say(type="pause")
    while caller.hear("frame")["running"]:
        pass


def test_no_frame_comes_before_the_last_one_was_shown(caller):
    caller.say(type="play", speed=2000)
    unshown = 0
    for _ in range(20):
        caller.say(type="explode")
        while isinstance(said := caller.socket.recv(SOON), bytes):
            unshown += 1
        assert json.loads(said)["type"] == "error"
    assert unshown <= 1


def test_a_loss_that_is_no_number_is_told(caller):
    state = {"data": "line", "rate": 10, "momentum": 0.99, "activation": "identity"}
    caller.ask("ready", type="state", state=state)
    caller.say(type="play", speed=2000)
    assert "no finite number" in caller.hear("stopped")["why"]
    assert caller.ask("ready", type="reset")["query"].startswith("data=line")


def test_bad_messages_are_told_and_hurt_nobody(call):
    bad, good = call(), call()
    for text in (
        "{",
        "null",
        b"\x00\x01",
        '{"type": "step", "type": "x"}',
        "[" * 9000,
        '"' * 60_000,
    ):
        bad.say(text)
        assert bad.hear("error")["about"] == "message"
    bad.say('{"type": "state", "state": {"rate": 1e999, "layers": [[[1]]]}}')
    assert bad.hear("error")["message"].startswith("layers: ")
    assert bad.hear("error")["message"].startswith("rate: ")
    assert bad.hear("ready")["query"] == ""
    assert good.ask("page", type="page")["source"]


@pytest.mark.parametrize("text", ["x" * 64_001, '{"type": "' + "é" * 40_000 + '"}'])
def test_a_message_that_is_too_long_ends_its_page_alone(call, caller, text):
    from websockets.exceptions import ConnectionClosed

    other = call()
    other.say(text)
    with pytest.raises(ConnectionClosed) as closed:
        other.hear("never")
    assert closed.value.rcvd.code == 1009
    assert caller.ask("page", type="page")["source"]


def test_too_many_messages_end_their_page_alone(call, caller, monkeypatch):
    from websockets.exceptions import ConnectionClosed

    now = monotonic()
    monkeypatch.setattr(live, "monotonic", lambda: now)  # not a moment passes
    other = call()
    for speed in range(MOST_MESSAGES + 10):
        with suppress(ConnectionClosed):
            other.say(type="speed", speed=1 + speed)
    with pytest.raises(ConnectionClosed) as closed:
        other.hear("never")
    assert closed.value.rcvd.code == 1008
    assert caller.ask("page", type="page")["source"]


def test_a_page_that_closes_frees_its_network(served, call):
    _, playground = served
    caller = call()
    session = playground.sessions[caller.hello["session"]]
    caller.say(type="play", speed=2000)
    caller.ask("page", type="page")
    gone = [weakref.ref(part) for part in (session, session.training, session.training.model)]
    worker = session._worker
    del session
    caller.socket.close()
    while caller.hello["session"] in playground.sessions:
        worker.do(lambda: None).result(SOON)
    while any(part() is not None for part in gone):
        worker.do(gc.collect).result(SOON)
    assert not [session for session in worker.sessions if session.running]


def test_too_many_pages_are_turned_away(call, caller, monkeypatch):
    from websockets.exceptions import ConnectionClosed

    assert MOST_SESSIONS == 256
    monkeypatch.setattr(server, "MOST_SESSIONS", 1)
    with pytest.raises(ConnectionClosed) as closed:
        call()
    assert closed.value.rcvd.code == 1013
    assert caller.ask("page", type="page")["source"]


def upload(caller, body):
    path = f"/upload?session={caller.hello['session']}"
    status, _, content = request(caller.port, "POST", path, body)
    return status, json.loads(content)


def test_a_table_is_sent_and_learnt(caller):
    rows = "".join(f"{i % 10},{i // 10},{'ab'[i % 10 > 4]}\n" for i in range(100))
    told = {
        "ok": True,
        "data": "upload",
        "columns": ["x", "y"],
        "samples": 100,
        "classes": ["a", "b"],
    }
    assert upload(caller, "x,y,kind\n" + rows) == (200, told)
    ready = caller.ask("ready", type="state", state={"data": "upload", "layers": "4"})
    assert ready["query"] == "data=upload&layers=4"
    assert ready["network"]["inputs"] == ready["data"]["columns"] == ["x", "y"]
    assert ready["data"]["classes"] == ["a", "b"]


def test_a_table_belongs_to_its_page(call, caller):
    upload(caller, "1,2,a\n2,3,b\n3,4,a\n")
    other = call()
    refused = other.ask("error", type="state", state={"data": "upload"})
    assert "no file has been sent" in refused["message"]


def pieces():
    """A body whose length nobody knows beforehand."""
    for _ in range(LARGEST // 50_000 + 2):
        yield b"1,2\n" * 12_500


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        (b"1,2\n" * (LARGEST // 4 + 1), 413, "the file has more than 1,000,000 bytes"),
        (pieces(), 413, "the file has more than 1,000,000 bytes"),
        (b"", 400, "the file is empty"),
        (b"\x89PNG\r\n\x1a\n", 400, "the file"),
        (b"1\n2\n", 400, "the file has one column only"),
    ],
)
def test_what_is_no_small_table_is_refused(caller, tmp_path, monkeypatch, *, body, status, why):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found, told = upload(caller, body)
    assert found == status and told["error"].startswith(why) and "\n" not in told["error"]
    assert list(tmp_path.iterdir()) == []


def test_who_leaves_while_sending_hurts_nobody(caller, caplog):
    path = f"/upload?session={caller.hello['session']}"
    with socket.create_connection(("127.0.0.1", caller.port), SOON) as half:
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n1,2"
        half.sendall(head.encode())
    assert caller.ask("page", type="page")["source"]
    assert upload(caller, "1,2,a\n2,3,b\n3,4,a\n")[0] == 200
    assert not caplog.records


def test_who_knows_no_session_gets_nothing(port):
    assert request(port, "POST", "/upload?session=guess", b"1,2\n3,4\n")[0] == 404
    assert request(port, "GET", "/export?session=guess")[0] == 404
    assert request(port, "GET", "/export")[0] == 404


def test_a_network_is_exported(caller):
    caller.say(type="epoch")
    status, headers, content = request(
        caller.port, "GET", f"/export?session={caller.hello['session']}"
    )
    assert status == 200 and headers["content-type"] == "application/zip"
    assert "glasswork-playground.zip" in headers["content-disposition"]
    names = set(ZipFile(BytesIO(content)).namelist())
    assert names == {"README.txt", "model.safetensors", "network.py", "step.py", "step.npz"}
    readme = ZipFile(BytesIO(content)).read("README.txt").decode()
    assert f"http://127.0.0.1:{caller.port}/#" in readme


@pytest.mark.parametrize("package", ["starlette.applications", "uvicorn", "websockets"])
def test_without_the_extra_it_is_named(monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"pip install 'glasswork\[web\]'"):
        server_of("127.0.0.1")
