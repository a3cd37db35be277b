"""Where in a TOML text each table and field stands; ``tomllib`` tells no lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from accord.instruments.problem import Path

_KEY = re.compile(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[A-Za-z0-9_-]+)\s*""")
_TOKEN = re.compile(
    r'''"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|'[^'\n]*\''''
    r"""|\#[^\n]*|\n|[\[\]{},]|[^"'\#\n\[\]{},]+|.""",
    re.DOTALL,
)


class Locator:
    """Lines (from 1) by path: ``("term", 2, "goods")`` is a field of the third ``[[term]]``.

    The text must be well-formed TOML. What stands inside an inline table has its line.
    """

    def __init__(self, text: str) -> None:
        self._lines = dict(_Scan(text).places())

    def line(self, path: Path) -> int | None:
        """Return the line of a path, or of the nearest table that holds it."""
        return nearest_line(self._lines, path)

    def below(self, prefix: Path) -> dict[Path, int]:
        """Return the lines of all that stands below a path, by path from there on."""
        size = len(prefix)
        found = {p[size:]: n for p, n in self._lines.items() if p[:size] == prefix}
        start = self.line(prefix)
        return found if start is None else {(): start, **found}


def nearest_line(lines: Mapping[Path, int], path: Path) -> int | None:
    """Return the line of a path, or of the longest part of it that has one."""
    for size in range(len(path), -1, -1):
        if path[:size] in lines:
            return lines[path[:size]]
    return None


class _Scan:
    """One pass over the text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._table: Path = ()
        self._last: dict[Path, int] = {}

    def places(self) -> Iterator[tuple[Path, int]]:
        at, line = 0, 1
        seen: set[Path] = set()
        while at < len(self._text):
            end = self._text.find("\n", at)
            end = len(self._text) if end < 0 else end
            found, stop = self._statement(at, end, line)
            for path, place in found:
                if path not in seen:
                    seen.add(path)
                    yield path, place
            line += self._text.count("\n", at, stop + 1)
            at = stop + 1

    def _statement(self, at: int, end: int, line: int) -> tuple[list[tuple[Path, int]], int]:
        """Return what a statement places, and where it ends."""
        start = self._text[at:end].lstrip()
        if not start or start.startswith("#"):
            return [], end
        if start.startswith("["):
            return [(p, line) for p in self._header(start)], end
        keys, value = self._keys(at)
        path = (*self._table, *keys)
        parents = [(path[:n], line) for n in range(len(self._table) + 1, len(path) + 1)]
        items, stop = self._value(path, value, line)
        return [*parents, *items], stop

    def _header(self, text: str) -> list[Path]:
        """Return the paths that ``[a.b]`` or ``[[a.b]]`` opens, and enter it."""
        many = text.startswith("[[")
        keys: list[str] = []
        at = 2 if many else 1
        while match := _KEY.match(text, at):
            keys.append(match[1].strip("\"'"))
            at = match.end() + 1
            if text[match.end() : match.end() + 1] != ".":
                break
        parents = self._resolve(keys[:-1])
        path: Path = (*parents, keys[-1])
        opened: list[Path] = [path]
        if many:
            self._last[path] = self._last.get(path, -1) + 1
            path = (*path, self._last[path])
            opened.append(path)
        elif path in self._last:
            path = (*path, self._last[path])
        self._table = path
        return [*(path[:n] for n in range(1, len(parents) + 1)), *opened]

    def _resolve(self, keys: list[str]) -> Path:
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self._last:
                path = (*path, self._last[path])
        return path

    def _keys(self, at: int) -> tuple[list[str], int]:
        """Return a dotted key and where its value begins."""
        keys: list[str] = []
        while match := _KEY.match(self._text, at):
            keys.append(match[1].strip("\"'"))
            at = match.end() + 1
            if self._text[match.end() : match.end() + 1] != ".":
                break
        return keys, at

    def _value(self, path: Path, at: int, line: int) -> tuple[list[tuple[Path, int]], int]:
        """Return where the items of a list stand, and where the value ends."""
        items: list[tuple[Path, int]] = []
        depth = index = 0
        fresh = True
        for match in _TOKEN.finditer(self._text, at):
            piece = match[0]
            if piece == "\n" and depth == 0:
                return items, match.start()
            if depth == 1 and fresh and piece.strip() and piece[0] not in "#]},":
                items.append(((*path, index), line))
                fresh = False
            if depth == 1 and piece == ",":
                index, fresh = index + 1, True
            depth += (piece in {"[", "{"}) - (piece in {"]", "}"})
            line += piece.count("\n")
        return items, len(self._text)
