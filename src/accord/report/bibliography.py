"""What an answer is to be cited with, as BibTeX: the program, its packs, every source."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from accord import __version__
from accord.assessment import Answer
from accord.report.cited import Cited, cited
from accord.report.latex import escaped

Fields = Sequence[tuple[str, str]]


def bibtex(a: Answer) -> str:
    """Return entries for accord, each pack of the answer and each source, keys unlike each other.

    A source that several cite stands once.
    """
    taken: set[str] = set()
    return "\n".join(_entry(kind, _free(key, taken), of) for kind, key, of in _entries(a))


def _entries(a: Answer) -> Iterator[tuple[str, str, Fields]]:
    program = [
        ("title", "accord: what a deal between countries would do"),
        ("author", "{The accord contributors}"),
        ("version", __version__),
        ("license", "Apache-2.0"),
    ]
    yield "software", "accord", program
    for pack in a.packs:
        title = f"accord data pack {pack.name}, version {pack.version}"
        note = f"SHA-256 {pack.digest}"
        yield "misc", f"accord-pack-{pack.name}", [("title", title), ("note", note)]
    seen: set[tuple[str, str]] = set()
    for source in cited(a):
        if (source.title, source.publisher) not in seen:
            seen.add((source.title, source.publisher))
            yield "misc", source.id, _fields(source)


def _fields(source: Cited) -> Fields:
    notes = [source.note, f"Licence: {source.licence}" if source.licence else "",
             f"Cited by the {source.cited_by}"]  # fmt: skip
    return [
        ("title", source.title),
        ("author", f"{{{source.publisher}}}"),
        ("year", "" if source.year is None else str(source.year)),
        ("url", source.url),
        ("note", ". ".join(x.rstrip(".") for x in notes if x)),
    ]


def _entry(kind: str, key: str, of: Fields) -> str:
    lines = [f"  {name} = {{{_value(name, text)}}}," for name, text in of if text]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _value(name: str, text: str) -> str:
    """Return a field's text: braces keep a title's capitals and a publisher whole."""
    if name == "url":
        return re.sub(r"[{}\\\s]", "", text)
    if name == "author":
        return f"{{{escaped(text[1:-1])}}}"
    return f"{{{escaped(text)}}}" if name == "title" else escaped(text)


def _free(name: str, taken: set[str]) -> str:
    """Return a key that no other entry has, of letters that BibTeX takes, and take it."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    key = re.sub(r"[^A-Za-z0-9:-]+", "-", plain).strip("-") or "source"
    found, count = key, 1
    while found in taken:
        count += 1
        found = f"{key}-{count}"
    taken.add(found)
    return found
