"""What the tables of an answer hold, on toyland."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from accord.assessment import Assessment
from accord.assessment.assessment import BaselineRow
from accord.report import trust
from accord.report.block import Block
from accord.report.compare import compare
from accord.report.compare_screen import screen as show_comparison
from accord.report.destinations import destinations, origin_of_change
from accord.report.gains import gain_of, gains
from accord.report.main_results import main_results
from accord.report.makers import makers
from accord.report.outputs import outputs
from accord.report.page import page
from accord.report.suppliers import suppliers
from accord.report.terminal import screen


def cells(block: Block | None, first: str) -> tuple[str, ...]:
    assert block is not None
    return next(line.cells for line in block.lines if line.cells[0] == first)


def number(cell: str) -> float:
    return float(re.sub(r"[^\d.−]", "", cell).replace("−", "-"))


def test_main_results_start_with_the_trade_in_focus(free: Assessment) -> None:
    names = [line.cells[0] for line in main_results(free).lines]
    assert names[0] == "Borland → Cormark"
    assert "World price (TME)" in names
    assert {"Buyers in Cormark pay", "Producers in Borland get"} <= set(names)


def test_the_three_prices_are_apart(free: Assessment) -> None:
    """C22."""
    row = free.row("buyer_price", "CCC", "metal")
    assert row is not None
    assert row.after is not None
    assert cells(main_results(free), "Buyers in Cormark pay")[3] == f"{row.after:,.0f}"


def test_a_ban_has_the_word_and_no_tonnes(banned: Assessment) -> None:
    """C28: a ban closes a lane and is not a high duty."""
    line = cells(suppliers(banned), "Borland")
    assert line[6].endswith("→ banned")
    assert line[3] == "0"
    assert line[7] == "—"


def test_law_and_payment_are_two_columns(free: Assessment) -> None:
    """C27."""
    block = suppliers(free)
    assert block is not None
    assert block.columns[-2:] == ("duty by law", "paid")
    assert cells(block, "Arvland")[6] == cells(block, "Arvland")[7]
    assert cells(block, "Borland")[6].endswith("→ 0 %")


def test_shares_sum_to_the_whole(free: Assessment) -> None:
    block = suppliers(free)
    assert block is not None
    parts = [line.cells for line in block.lines if line.weight != "total"]
    assert sum(number(x[3]) for x in parts) == pytest.approx(number(cells(block, "All")[3]), abs=1)
    assert cells(block, "All")[4] == "100.0 %"


def test_cut_lists_say_how_many_are_left_out_and_keep_the_exporter(free: Assessment) -> None:
    block = suppliers(free, 1)
    assert block is not None
    assert [line.cells[0] for line in block.lines] == ["Borland", "… 1 more", "All"]


def test_sales_by_destination_start_with_the_buyer(free: Assessment) -> None:
    block = destinations(free)
    assert block is not None
    assert block.lines[0].cells[0] == "Cormark"
    assert block.lines[0].weight == "focus"


def test_the_split_of_the_flow_sums(free: Assessment) -> None:
    said = origin_of_change(free)
    assert said is not None
    total, _, rest = said.partition(":")
    parts = [number(x) for x in re.findall(r"([−\d.,]+) (?:from|for) ", rest)]
    assert len(parts) > 1
    assert sum(parts) == pytest.approx(number(total), abs=1.5)


def test_no_sentence_about_a_flow_that_does_not_move(nothing: Assessment) -> None:
    assert origin_of_change(nothing) is None


def test_makers_show_output_capacity_and_inputs(free: Assessment) -> None:
    names = [line.cells[0] for line in getattr(makers(free), "lines", ())]
    assert names[:3] == ["Output", "Capacity", "Ore used"]


def test_gains_are_the_change_of_welfare(free: Assessment) -> None:
    """C36."""
    for region in ("AAA", "BBB", "CCC", "WORLD"):
        assert gain_of(free, region).total == pytest.approx(
            free.effects.change("welfare", region), rel=1e-9, abs=1e-3
        )


def test_gains_cut_short_still_sum(free: Assessment) -> None:
    block = gains(free, 3)
    assert block.lines[-1].cells[0] == "World"
    parts = [number(line.cells[1]) for line in block.lines[:-1]]
    assert sum(parts) == pytest.approx(number(block.lines[-1].cells[1]), abs=0.3)


def test_a_deal_that_changes_nothing_shows_zeros(nothing: Assessment) -> None:
    """C35."""
    changes = {line.cells[1] for line in gains(nothing).lines}
    assert changes == {"0"}


def test_fitted_is_said(free: Assessment) -> None:
    """C42."""
    rows = (
        BaselineRow("imports", "CCC", 2020, 100.0, 101.0, "t/yr", fitted=True, source="own"),
        BaselineRow("hub_price", "WORLD", 2020, 100.0, 80.0, "USD/t", fitted=False, source="own"),
    )
    said = trust.baseline(replace(free, baseline=rows))
    assert said is not None
    assert "1 row fitted, which proves nothing" in said
    assert "1 not (hub price, World: 80, seen 100 USD/t)" in said
    assert said.startswith("World of 2020: ")


def test_what_is_left_out_starts_with_the_deal(free: Assessment) -> None:
    """C17."""
    assert trust.not_modelled(free)[0] == "a festival of friendship"


def test_a_failed_check_is_shouted(free: Assessment) -> None:
    assert trust.certificate(free).startswith("Certified: ")
    failed = replace(free, check=replace(free.check, ok=False))
    assert trust.certificate(failed).startswith("NOT CERTIFIED: ")


def test_a_deal_without_trade_shows_who_makes_the_good(
    free: Assessment, closing: Assessment
) -> None:
    assert outputs(free) is None
    assert suppliers(closing) is None
    assert destinations(closing) is None
    block = outputs(closing)
    assert block is not None
    assert block.lines[0].cells[0] == "Borland"
    assert number(block.lines[0].cells[3]) < 0.0


def test_a_deal_without_trade_has_a_screen_a_page_and_a_comparison(closing: Assessment) -> None:
    assert "Who makes metal" in screen(closing)
    assert "Who makes metal" in page(closing)
    assert "Gain of Borland" in show_comparison(compare(["a", "b"], [closing, closing]))


def test_a_further_duty_by_origin_is_marked(founding: Assessment) -> None:
    """C26: what falls only on metal made elsewhere is not shown as everybody's duty."""
    block = suppliers(founding)
    assert block is not None
    assert cells(block, "Canada")[6] == "0 %* → 0 %"
    assert any(note.startswith("* ") for note in block.notes)


def test_tonnes_that_end_keep_their_unit(banned: Assessment) -> None:
    """A column of zeros after is no reason to show the tonnes before one by one."""
    block = suppliers(banned, 1)
    assert block is not None
    assert block.heading.endswith(", kt")
    assert "." not in "".join(line.cells[1] for line in block.lines)


def test_the_split_of_a_fall_says_where_the_metal_goes(banned: Assessment) -> None:
    said = origin_of_change(banned)
    assert said is not None
    assert "less output" in said
    assert "more to other buyers (Arvland +" in said
