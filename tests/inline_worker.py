"""The live page without processes and without a network: what its tests share."""

from __future__ import annotations

import warnings
from typing import Any

from accord.web.library import Asked, Library

Client = Any
"""Starlette's client, an extra."""


class Inline:
    """Answers in the caller's thread."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def ask(self, asked: Asked) -> bytes:
        return self.library.answer(asked)

    def stop(self) -> None:
        pass


def client_of(app: Client, **options: Client) -> Client:
    """Return Starlette's client of an application."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it would rather have another library than httpx
        from starlette.testclient import TestClient
    return TestClient(app, **options)
