from __future__ import annotations

import sys

import pytest


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_waves_of_pages_that_mean_no_good_leave_no_memory_behind():
    for package in ("starlette", "uvicorn", "websockets"):
        pytest.importorskip(package, reason="the extra web serves the playground")
    from benchmarks.waves import KINDS, survived

    ends, megabytes = zip(*survived(pages=20, messages=20), strict=True)
    assert megabytes[2] - megabytes[0] < 20
    for counted in ends:
        assert counted.total() == 20
        assert counted["oversized: 1009"] == 20 // len(KINDS)
