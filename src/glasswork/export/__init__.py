"""Networks in forms that run without Glasswork: ONNX, one file of Python, one file of C.

All are written from the same graph of ops, for predictions: layers are in eval mode.
"""

from .c_file import c
from .onnx_file import onnx
from .python_file import python

__all__ = ["c", "onnx", "python"]
