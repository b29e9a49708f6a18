from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request

import pytest

from glasswork.__main__ import main

ADDRESS = "http://127.0.0.1:8765/"


@pytest.fixture
def asked(monkeypatch) -> list[object]:
    """What was served and what was opened, in place of serving and opening it."""
    asked: list[object] = []

    def serve(host, port, ready):
        asked.append((host, port))
        ready(ADDRESS)
        raise KeyboardInterrupt

    monkeypatch.setattr("glasswork.playground.serve", serve)
    monkeypatch.setattr("webbrowser.open", asked.append)
    return asked


def test_it_is_served_on_this_machine_alone_and_opened_until_ctrl_c(asked, capsys):
    assert main(["playground"]) == 0
    assert asked == [("127.0.0.1", 8765), ADDRESS]
    assert capsys.readouterr().out == f"the playground is at {ADDRESS} (Ctrl-C ends it)\n"


def test_host_port_and_no_browser_can_be_said(asked, capsys):
    assert main(["playground", "--host", "0.0.0.0", "--port", "0", "--no-browser"]) == 0
    assert asked == [("0.0.0.0", 0)]
    assert capsys.readouterr().out.endswith("\nwhoever can reach that address can use it\n")


@pytest.mark.parametrize(
    ("host", "port", "why"),
    [
        ("127.0.0.1", None, "Address already in use"),
        ("192.0.2.1", 0, "Cannot assign requested address"),  # an address that nobody has
    ],
)
def test_where_nothing_can_be_served_is_told_in_one_line(capsys, host, port, why):
    for package in ("starlette", "uvicorn", "websockets"):
        pytest.importorskip(package, reason="the extra web serves the playground")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1] if port is None else port
        assert main(["playground", "--host", host, "--port", str(port), "--no-browser"]) == 2
    assert capsys.readouterr().err == (
        f"glasswork playground: error: nothing can be served at {host}, port {port}: {why}."
        " Pass a host of this machine, and a port that is free: 0 finds one."
        " A playground may be open there already.\n"
    )


def test_without_the_extra_it_is_named_in_one_line(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    assert main(["playground", "--no-browser"]) == 2
    assert capsys.readouterr().err == (
        "glasswork playground: error: the playground needs starlette, which is not installed."
        " Install it with: pip install 'glasswork[web]'\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent otherwise there")
def test_the_command_serves_the_page_and_ends_with_ctrl_c():
    for package in ("starlette", "uvicorn", "websockets"):
        pytest.importorskip(package, reason="the extra web serves the playground")
    command = [sys.executable, "-m", "glasswork", "playground", "--port", "0", "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        address = server.stdout.readline().split()[4]
        with urllib.request.urlopen(address) as page:
            assert b"<html" in page.read()
        os.kill(server.pid, signal.SIGINT)
        _, told = server.communicate(timeout=120)
    assert (server.returncode, told) == (0, "")
