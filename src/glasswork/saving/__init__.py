"""Models and arrays in files: written whole or not at all, read without trust."""

from .files import atomic_write, write_json
from .safetensors import read_safetensors, write_safetensors

__all__ = ["atomic_write", "read_safetensors", "write_json", "write_safetensors"]
