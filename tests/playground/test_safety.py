from __future__ import annotations

import asyncio

import pytest

from glasswork.playground.safety import Guard, is_own_host


@pytest.mark.parametrize(
    ("header", "host", "own"),
    [
        ("127.0.0.1:8765", "127.0.0.1", True),
        ("localhost", "127.0.0.1", True),
        ("LOCALHOST:1", "127.0.0.1", True),
        ("[::1]:8765", "::1", True),
        ("[::1]", "127.0.0.1", True),
        ("evil.example:8765", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("[", "127.0.0.1", False),
        ("192.168.1.5:8765", "127.0.0.1", False),
        ("192.168.1.5:8765", "192.168.1.5", True),
        ("192.168.1.5:8765", "0.0.0.0", True),
        ("evil.example:8765", "0.0.0.0", False),
        ("class.example", "class.example", True),
    ],
)
def test_whose_name_a_request_may_have(header, host, own):
    assert is_own_host(header, host) is own


def asked(kind: str, *headers: tuple[str, str]) -> tuple[bool, list[dict]]:
    """Whether a request comes through, and what is sent back."""
    came, sent = [], []

    async def inner(scope, receive, send):
        came.append(scope)
        await send({"type": f"{kind}.response.start", "status": 200, "headers": []})

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    scope = {"type": kind, "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers]}
    asyncio.run(Guard(inner, "127.0.0.1")(scope, receive, send))
    return bool(came), sent


HOST = ("host", "localhost:8765")


@pytest.mark.parametrize(
    ("headers", "through"),
    [
        ([HOST], True),
        ([HOST, ("origin", "http://localhost:8765")], True),
        ([HOST, ("origin", "https://localhost:8765")], True),
        ([HOST, ("origin", "http://localhost:3000")], False),
        ([HOST, ("origin", "http://127.0.0.1:8765")], False),
        ([HOST, ("origin", "https://evil.example")], False),
        ([HOST, ("origin", "null")], False),
        ([HOST, ("origin", "http://localhost:8765"), ("origin", "http://evil.example")], False),
        ([("host", "evil.example:8765")], False),
        ([("host", "evil.example:8765"), ("origin", "http://evil.example:8765")], False),
        ([HOST, ("host", "evil.example")], False),
        ([("host", "\xff")], False),
        ([], False),
    ],
)
def test_a_socket_is_opened_for_our_own_page_alone(headers, through):
    came, sent = asked("websocket", *headers)
    assert came is through
    if not through:
        assert sent == [{"type": "websocket.close", "code": 1008}]


def test_what_is_answered_says_what_browsers_may_do_with_it():
    _, (start,) = asked("http", HOST)
    headers = dict(start["headers"])
    policy = headers[b"content-security-policy"].decode()
    assert "default-src 'self'" in policy and "unsafe" not in policy and "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers[b"x-content-type-options"] == b"nosniff"
    assert headers[b"cross-origin-resource-policy"] == b"same-origin"


def test_a_request_of_another_site_is_answered_with_403():
    pytest.importorskip("starlette", reason="the extra web serves the playground")
    came, (start, body) = asked("http", ("host", "evil.example"))
    assert not came and start["status"] == 403 and b"its own pages" in body["body"]
