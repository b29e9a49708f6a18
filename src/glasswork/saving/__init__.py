"""Models and arrays in files: written whole or not at all, read without trust."""

from .classes import register
from .files import atomic_write, write_json
from .modules import load, save
from .pytorch import load_pytorch, read_pytorch
from .safetensors import read_safetensors, write_safetensors

__all__ = [
    "atomic_write", "load", "load_pytorch", "read_pytorch", "read_safetensors", "register", "save",
    "write_json", "write_safetensors",
]  # fmt: skip
