"""The machine: what it is, and how much of it each contender gets."""

from __future__ import annotations

import os
import platform
from pathlib import Path

THREAD_POOLS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUM_CPU_THREADS",  # tinygrad
)
CPU_ONLY = {"CUDA_VISIBLE_DEVICES": "", "JAX_PLATFORMS": "cpu", "DEV": "CPU"}


def cores() -> list[int]:
    """Those that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def confine(threads: int) -> None:
    """Leaves this process and those that it starts so many cores, and no accelerator.

    BLAS, OpenMP and tinygrad read the variables; JAX counts the cores that Linux lets it have.
    """
    os.environ.update(dict.fromkeys(THREAD_POOLS, str(threads)), **CPU_ONLY)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores()[:threads])


def description() -> str:
    """What a figure depends on besides the versions of the contenders."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    processor = models[0] if models else platform.processor() or platform.machine()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{processor}, {len(cores())} of {os.cpu_count()} cores, {platform.system()}, {python}"
