"""Keeps what was used last and lets go of the rest, so that memory stays flat."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Latest(Generic[Key, Value]):
    """The things used last, so many at most."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def get(self, key: Key) -> Value | None:
        """Return a thing that is kept, now the last used."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Keep a thing, and let go of what was not used for longest."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def values(self) -> list[Value]:
        """Return all that is kept, the last used first."""
        return list(reversed(self._kept.values()))

    def items(self) -> list[tuple[Key, Value]]:
        """Return all that is kept with its keys, the last used first."""
        return list(reversed(self._kept.items()))

    def __contains__(self, key: Key) -> bool:
        """Return whether a thing is kept; asking does not count as use."""
        return key in self._kept
