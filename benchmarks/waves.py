"""Waves of pages that mean no good: what the playground's server has to survive."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import websockets

MALFORMED = (
    *("", "{", "null", "[1, 2]", '"play"', '{"type": 3}', '{"type": "explode"}', "[" * 30_000),
    *('{"type": "play", "speed": NaN}', '{"type": "play", "speed": 1e999}'),
    *('{"type": "play", "speed": {"a": []}}', '{"type": "play", "speed": ' + "9" * 6000 + "}"),
    *('{"type": "state", "state": {"layers": [[[1]], "x"], "rate": "Infinity", "seed": -1e300}}',),
    *('{"type": "state", "state": {"layers": "9,9,9,9,9,9,9,9", "batch": true, "data": null}}',),
    *('{"type": "unit", "layer": 1e10, "unit": -1, "row": 0.5}', '{"type": "draw", "pixels": {}}'),
    *('{"type": "strokes", "size": 3, "pixels": [0]}', '{"type": "options", "thumbs": "yes"}'),
    *(b"", b"\x00\xff" * 100),
)


@contextmanager
def serving() -> Iterator[tuple[int, int]]:
    """A playground in a process of its own: its port, and the number of the process."""
    command = [sys.executable, "-m", "glasswork", "playground", "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        address = process.stdout.readline()
        yield int(re.search(r":(\d+)/", address)[1]), process.pid
    finally:
        process.terminate()
        process.communicate()


def resident(process: int) -> float:
    """Megabytes of memory that a process has in use."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1000


def settle(process: int) -> None:
    """Wait until a process does nothing any more."""
    busy = -1.0
    while (now := _busy(process)) - busy > 0.02:
        busy = now
        time.sleep(0.5)


def _busy(process: int) -> float:
    """The processor's seconds that a process has had."""
    ticks = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def survived(pages: int, messages: int, waves: int = 3) -> Iterator[tuple[Counter[str], float]]:
    """How the pages of each wave ended, and the megabytes that the server has afterwards.

    Before each wave and after the last, an honest page is given what it asks for.
    """
    with serving() as (port, process):
        asyncio.run(honest(port))
        for _ in range(waves):
            ends = asyncio.run(wave(port, pages, messages))
            settle(process)
            asyncio.run(honest(port))
            yield Counter(ends), resident(process)


async def honest(port: int) -> None:
    """A page that opens, takes a step, and asks for the program of it."""
    async with websockets.connect(f"ws://127.0.0.1:{port}/live", max_size=None) as socket:
        await socket.send('{"type": "step"}')
        await socket.send('{"type": "page"}')
        while '"source":"#' not in str(await socket.recv()):
            pass


async def wave(port: int, pages: int, messages: int) -> list[str]:
    """So many pages at once, each of which sends so many messages; how each of them ended."""
    address = f"ws://127.0.0.1:{port}/live"
    return await asyncio.gather(
        *(_page(address, KINDS[i % len(KINDS)], messages) for i in range(pages))
    )


async def _page(address: str, kind: Callable[..., Any], messages: int) -> str:
    try:
        async with websockets.connect(address, max_size=None, open_timeout=120) as socket:
            await socket.recv()
            reader = asyncio.create_task(_read(socket))
            with suppress(websockets.ConnectionClosed):
                await kind(socket, messages)
            await socket.close()
            await reader
            return f"{kind.__name__}: {socket.protocol.close_code}"
    except (OSError, websockets.WebSocketException) as error:
        return f"{kind.__name__}: {type(error).__name__}"


async def _read(socket: Any) -> None:
    with suppress(websockets.ConnectionClosed):
        while True:
            await socket.recv()


async def malformed(socket: Any, messages: int) -> None:
    """Says what is no message."""
    for i in range(messages):
        await socket.send(MALFORMED[i % len(MALFORMED)])
        await asyncio.sleep(0.003)


async def oversized(socket: Any, messages: int) -> None:
    """Says too much at once."""
    await socket.send(json.dumps({"type": "state", "state": {"data": "x" * 100_000}}))
    await socket.wait_closed()


async def rapid(socket: Any, messages: int) -> None:
    """Says something sensible, far too often."""
    for i in range(20 * messages):
        await socket.send(json.dumps({"type": "speed", "speed": 1 + i % 2000}))


async def greedy(socket: Any, messages: int) -> None:
    """Asks for new networks and for all that there is to see, and trains meanwhile."""
    wishes = [
        {"type": "state", "state": {"data": "digits", "layers": [128, 128]}},
        {"type": "play", "speed": 2000},
        {"type": "page"},
        {"type": "walk"},
        {"type": "state", "state": {"layers": [16] * 6, "samples": 2000, "batch": 256}},
        {"type": "epoch"},
        {"type": "shown"},
    ]
    for i in range(messages):
        await socket.send(json.dumps(wishes[i % len(wishes)]))
        await asyncio.sleep(0.003)


async def rude(socket: Any, messages: int) -> None:
    """Leaves in the middle of a sentence."""
    await socket.send('{"type": "play", "speed": 2000}')
    socket.transport.abort()


KINDS = (malformed, oversized, rapid, greedy, rude)
