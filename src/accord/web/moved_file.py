"""The deal file of a position: the file that is served, with a variant that has what was moved."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from accord.deal import Deal
from accord.deal.locator import Locator
from accord.web.dials import DUTY
from accord.web.ground import Scenario
from accord.web.moved import Row, Values, changes_of, duty_term
from accord.web.words import moved_in_words

MOVED = "moved"
"""What the variant is called, if no other has that name."""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class MovedFile:
    """The text of a deal file, and the variant of it that is meant (``None``: its terms)."""

    text: str
    variant: str | None


def moved_file(text: str, scenario: Scenario, values: Values) -> MovedFile:
    """Return the file of a position; the file itself where no number of a term is moved.

    ``text``  of the file that the scenario's deal was read from. Uncertain numbers that are fixed
    are no part of a deal: whoever answers the file fixes them anew.
    """
    deal, dials, a = scenario.deal, scenario.dials, scenario.answer
    of_terms = {key: value for key, value in values.items() if dials[key].number is None}
    if not of_terms:
        return MovedFile(text, deal.active)
    changes = changes_of(deal, dials, of_terms)
    added: list[Row] = []
    if DUTY in of_terms and a.focus.lane is not None:
        added = [duty_term(dials[DUTY].written(of_terms[DUTY]), a.focus.lane)]
    given: dict[str, Any] = tomllib.loads(text).get("variant", {})
    base: Row = given.get(deal.active or "", {})
    name = next(x for x in _names() if x not in given)
    title = _title(deal, base, moved_in_words(dials, of_terms))
    variant = _variant(base, changes, added) | {"title": title, "as_of": a.as_of}
    body = "\n".join(_written(name, variant))
    return MovedFile(f"{_with_default(text, name).rstrip()}\n\n{body}", name)


def _names() -> Sequence[str]:
    return [MOVED, *(f"{MOVED}-{i}" for i in range(2, 1_000))]


def _title(deal: Deal, base: Row, said: Sequence[str]) -> str:
    """Return what the variant is, in one sentence, as the report shows it."""
    shown = str(base.get("title") or deal.title).rstrip(".")
    moved = "; ".join(line.rstrip(".") for line in said)
    return f"{shown}. Moved on the live page: {moved}"


def _variant(base: Row, changes: Mapping[str, Row], added: Sequence[Row]) -> Row:
    """Return the patch of the variant that is shown, with the changes on top of it."""
    own: list[Row] = [dict(x) for x in base.get("term", [])]
    names = {str(x.get("id")) for x in own}
    terms = [{**x, **changes.get(str(x.get("id")), {})} for x in own]
    patch: dict[str, Row] = {k: dict(v) for k, v in base.get("set", {}).items()}
    for term, change in changes.items():
        if term not in names:
            patch[term] = {**patch.get(term, {}), **change}
    return {**base, "set": patch, "term": [*terms, *added]}


def _written(name: str, variant: Row) -> list[str]:
    """Return the variant as lines of TOML."""
    lines = ["# What was moved on the live page.", f"[variant.{_key(name)}]"]
    lines += [f"{_key(k)} = {_toml(v)}" for k, v in variant.items() if k not in {"set", "term"}]
    for term, change in variant["set"].items():
        lines += ["", f"[variant.{_key(name)}.set.{_key(term)}]"]
        lines += [f"{_key(k)} = {_toml(v)}" for k, v in change.items()]
    for table in variant["term"]:
        lines += ["", f"[[variant.{_key(name)}.term]]"]
        lines += [f"{_key(k)} = {_toml(v)}" for k, v in table.items()]
    return [*lines, ""]


def _with_default(text: str, name: str) -> str:
    """Return the text with another default variant; as it is where it has no ``[deal]`` line."""
    lines = text.split("\n")
    places = Locator(text)
    mine = f'default_variant = "{name}"'
    at = places.line(("deal", "default_variant"))
    if at is not None and lines[at - 1].lstrip().startswith("default_variant"):
        lines[at - 1] = mine
    elif at is not None and lines[at - 1].strip().startswith("[deal]"):
        lines.insert(at, mine)
    return "\n".join(lines)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _toml(name)


def _toml(value: Any) -> str:  # noqa: ANN401 - whatever a deal file has
    """Return a value as TOML has it, on one line."""
    if isinstance(value, dict):
        pairs = (f"{_key(k)} = {_toml(v)}" for k, v in cast("Row", value).items())
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, cast('list[object]', value)))}]"
    if isinstance(value, str):
        # JSON's escapes are TOML's too, which has one character fewer.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else repr(value)
