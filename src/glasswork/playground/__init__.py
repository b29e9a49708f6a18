"""The playground: a page on which a network learns while one watches, served by this machine.

The extra `web` installs what it needs; `glasswork playground` opens it.
"""

from .server import app
from .serving import serve

__all__ = ["app", "serve"]
