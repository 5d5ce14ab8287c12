"""A thin client for Littoral.

>>> from littoral_client import Client, Reset
>>> with Client() as client:
...     answer = client.complete("What is a tide?", data_class="public")
...     for piece in answer:
...         screen.clear() if isinstance(piece, Reset) else screen.write(piece)
...     print(answer.done.served.target.pool)
"""

from . import v1
from .aio import AsyncAnswer, AsyncClient
from .client import Answer, Client
from .errors import LittoralError
from .request import Ask
from .transcript import Piece, Reset

__all__ = [
    "Answer",
    "Ask",
    "AsyncAnswer",
    "AsyncClient",
    "Client",
    "LittoralError",
    "Piece",
    "Reset",
    "v1",
]
