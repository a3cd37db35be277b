from __future__ import annotations

import pytest

from accord.assessment import Assessment
from accord.report.layout import itemised
from accord.report.terminal import screen


@pytest.mark.parametrize("width", [40, 80, 93, 100, 300])
def test_no_line_is_wider_than_the_screen(free: Assessment, width: int) -> None:
    lines = screen(free, width=width).splitlines()
    assert max(map(len, lines)) <= min(max(width, 80), 100)
    assert not any(line != line.rstrip() for line in lines)


def test_one_screen(free: Assessment) -> None:
    assert screen(free).count("\n") <= 48


def test_everything_the_screen_must_show(free: Assessment) -> None:
    text = screen(free)
    for part in (
        free.deal.title,
        "Law of 1 July 2020, levels of 2020, share closure, pack toyland 1.",
        "Main results",
        "Who supplies Cormark",
        "Where Borland sells",
        "What producers in Borland do",
        "Who gains and who loses",
        "Certified: ",
        "Assumed (",
        "Not modelled (",
    ):
        assert part in text


def test_plain_text_has_no_styles_and_colour_has(free: Assessment) -> None:
    assert "\x1b" not in screen(free)
    assert "\x1b[" in screen(free, colour=True)


def test_no_number_is_parted_from_its_unit(free: Assessment) -> None:
    lines = screen(free, width=80).splitlines()
    assert not any(line.lstrip().startswith(("% ", "kt ", "USD/t", "mn USD")) for line in lines)


def test_lists_say_how_many_are_left_out() -> None:
    items = ["one thing", "another thing", "a third thing"]
    assert itemised("Assumed", items, 200) == (
        "Assumed (3): one thing; another thing; a third thing."
    )
    assert itemised("Assumed", items, 52) == "Assumed (3): one thing; … 2 more with --out"


def test_a_ban_says_why_nothing_moves(banned: Assessment) -> None:
    assert banned.because
    for reason in banned.because[:1]:
        assert reason.split()[0] in screen(banned)
