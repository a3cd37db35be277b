"""What the address keeps to compare: read as it was written, and refused where it is nobody's."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from accord.errors import InputError
from accord.web.pins import LETTERS, LONGEST_ADDRESS, MOST_KEPT, Pins, parted
from accord.web.position import Position, position_of

KEYS = st.sampled_from(["duty", "t.supply.up_to", "a.sigma.aluminium", "a.access"])
NUMBERS = st.dictionaries(KEYS, st.integers(-99, 9_999).map(float), max_size=4)
POSITIONS = st.builds(
    lambda v, day, d, moved: Position(v, day, d).with_moved(moved),
    st.sampled_from([None, "duty-free", "two-million"]),
    st.sampled_from([None, date(2025, 3, 12)]),
    st.sampled_from(["", "0123456789abcdef"]),
    NUMBERS,
)
PAIRS = st.dictionaries(st.sampled_from(["k", "b", "m", "duty", "v"]), st.text(max_size=40))
KEPT = st.lists(POSITIONS, max_size=MOST_KEPT, unique=True).map(tuple)


@given(at=POSITIONS, kept=KEPT, base=st.sampled_from([*LETTERS, "now", "filed"]))
def test_an_address_is_read_as_it_was_written(
    at: Position, kept: tuple[Position, ...], base: str
) -> None:
    known = not kept or base not in LETTERS[len(kept) :]
    pins = Pins(kept, base if kept and known else "a", "welfare.USA" if kept else "")
    address = pins.address(at.query)
    assert parted(address.removeprefix("/").removeprefix("?")) == (at, pins)


def test_an_address_without_pins_is_a_position() -> None:
    for query in ("", "duty=3", "v=duty-free&a.access=1.28&embed=1"):
        assert parted(query) == (position_of(query), Pins())


@pytest.mark.parametrize(("query", "where", "found"), [
    ("k=zz%3D1", "k 1 zz", '"1"'),
    ("k=&k=duty%3Dnan", "k 2 duty", '"nan"'),
    ("k=k%3Dduty%253D1", "k 1 k", "duty"),
    ("k=day%3D2025-13-01", "k 1 day", "2025-13-01"),
    ("k=v%3D..%2F..%2Fetc", "k 1 v", "../../etc"),
    ("k=%3Cscript%3E%3D1", "k 1 <script>", '"1"'),
    ("k=duty%3D3&k=duty%3D3.0", "k", "twice"),
    ("k=&k=duty%3D1&k=duty%3D2&k=duty%3D3&k=duty%3D4&k=duty%3D5", "k", "6 kept positions"),
    ("k=&b=b", "b", '"b"'),
    ("k=&b=now&b=a", "b", "2 of it"),
    ("k=&m=%3Cimg%3E", "m", "<img>"),
    ("k=" + "a" * 5_000, "k 1", "5,000 characters"),
    ("k=&" + "duty=1&" * 120, None, "more than 100 entries"),
    ("k=" + "a" * LONGEST_ADDRESS, None, "characters"),
    ("duty=x&k=", "duty", '"x"'),
])  # fmt: skip
def test_what_is_nobodys_is_refused(query: str, where: str | None, found: str) -> None:
    with pytest.raises(InputError) as refusal:
        parted(query)
    faults = [(x.field, x.found) for x in refusal.value.faults]
    assert any(field == where and found in said for field, said in faults), faults


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InputError) as refusal:
        parted("duty=x&k=duty%3Dy&k=z%3D1&b=q&m=<")
    assert [x.field for x in refusal.value.faults] == ["duty", "k 1 duty", "k 2 z", "b", "m"]


@given(query=st.text(max_size=200) | PAIRS.map(urlencode))
@example(query="k=%ff%fe&b=%00")
@example(query="k&b&m")
def test_no_address_breaks_it(query: str) -> None:
    try:
        at, pins = parted(query)
    except InputError:
        return
    assert parted(pins.address(at.query).removeprefix("/").removeprefix("?")) == (at, pins)


def test_entries_that_say_how_an_answer_is_shown_are_not_shared() -> None:
    _, pins = parted("k=" + quote("duty=3&token=secret&embed=1"))
    assert pins.entries == [("k", "duty=3")]


def test_the_baseline_stays_with_its_position() -> None:
    a, b, c = (position_of(f"duty={i}") for i in (1, 2, 3))
    assert Pins((a, b, c), "c").without(0) == Pins((b, c), "b")
    assert Pins((a, b, c), "b").without(1) == Pins((a, c), "a")
    assert Pins((a, b, c), "a").without(2) == Pins((a, b), "a")
    assert Pins((a, b, c), "now").without(0) == Pins((b, c), "now")


def test_one_more_is_kept_once_and_five_at_most() -> None:
    pins = Pins()
    for i in (1, 1, 2, 3, 4, 5, 6):
        pins = pins.with_one_more(position_of(f"duty={i}"))
    assert [x.query for x in pins.kept] == [f"duty={i}" for i in (1, 2, 3, 4, 5)]
