"""Small frozen values that an answer and its parts are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reference:
    """Names a file that went into the answer: what it is, its version, its SHA-256."""

    name: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class NotModelled:
    """Something a term or pack leaves out, and why. Never a zero (conventions C17)."""

    term: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Assumption:
    """An assumed number or choice and what it matters for."""

    where: str
    says: str
    matters_for: str
