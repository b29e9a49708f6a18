"""Running what was exported."""

from __future__ import annotations

import ctypes
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

COMPILERS = [found for found in map(shutil.which, ("gcc", "clang")) if found]
FLAGS = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"]


def run_onnx(path: Path, *inputs: np.ndarray) -> np.ndarray:
    """The output of an ONNX file, by onnxruntime."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    names = [x.name for x in session.get_inputs()]
    (output,) = session.run(None, dict(zip(names, inputs, strict=True)))
    return output


def run_numpy(path: Path, *inputs: np.ndarray) -> np.ndarray:
    """The output of a file of NumPy."""
    return runpy.run_path(str(path))["predict"](*inputs)


def run_lists(path: Path, rows: np.ndarray) -> np.ndarray:
    """The outputs of a file of plain Python, row by row."""
    predict = runpy.run_path(str(path))["predict"]
    return np.array([predict(row.ravel().tolist()) for row in rows])


def run_c(path: Path, rows: np.ndarray, outputs: int) -> np.ndarray:
    """The outputs of a file of C, compiled into a library."""
    library = path.with_suffix(".so")
    compile_c(path, library, "-shared", "-fPIC")
    rows = np.ascontiguousarray(rows, np.float32)
    found = np.empty((len(rows), outputs), np.float32)
    pointers = (array.ctypes.data_as(ctypes.c_void_p) for array in (rows, found))
    ctypes.CDLL(str(library)).predict_rows(*pointers, len(rows))
    return found


def compile_c(path: Path, output: Path, *flags: str, compiler: str = "") -> None:
    """Compile with all warnings as errors."""
    command = [compiler or COMPILERS[0], *FLAGS, *flags, "-o", str(output), str(path), "-lm"]
    subprocess.run(command, check=True)


def program(path: Path, *options: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """A file of Python as a program, in an interpreter with these options."""
    command = [sys.executable, *options, str(path)]
    return lambda *arguments, stdin="": subprocess.run(
        [*command, *arguments], input=stdin, capture_output=True, text=True, check=False
    )


def as_csv(rows: np.ndarray) -> str:
    """Rows as text."""
    return "".join(",".join(map(repr, row)) + "\n" for row in rows.tolist())
