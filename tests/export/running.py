"""Running what was exported."""

from __future__ import annotations

from pathlib import Path

import numpy as np


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
