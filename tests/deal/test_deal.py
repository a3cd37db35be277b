"""Deal files as values: variants, dates, provenance, and the deals that ship."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord import deal, pack
from accord.cli import cli
from accord.deal import Deal
from accord.errors import InputError
from accord.instruments import enact, read_term
from accord.market import LaneKey, Limit, Market
from accord.market.landed_cost import landed_cost

RUS_USA = LaneKey("aluminium", "RUS", "USA")
TRADE = {"goods": "aluminium", "exporters": "RUS", "importers": "USA"}
LAW = (
    {
        "id": "us.s232_russia_200",
        "kind": "import_duty",
        **TRADE,
        "ad_valorem": "200 %",
        "mode": "replaces",
        "replaces": ["us.s232_10_2018"],
    },
    {
        "id": "us.s232_10_2018",
        "kind": "import_duty",
        **TRADE,
        "exporters": "all",
        "ad_valorem": "10 %",
    },
    {
        "id": "us.s232_origin_200",
        "kind": "smelt_origin_duty",
        "good": "aluminium",
        "importers": "USA",
        "sources": "RUS",
        "accounting": "segregated",
        "direct": False,
        "ad_valorem": "200 %",
    },
    {
        "id": "us.column2_russia",
        "kind": "trade_relations",
        "relations": "suspended",
        "exporters": "RUS",
        "importers": "USA",
    },
    {"id": "us.ban_russian_metal", "kind": "ban", **TRADE},
)
HEAD = """
[deal]
title = "A deal"
date = 2025-02-24
status = "draft"
pack = "small"
[[source]]
id = "s"
title = "S"
publisher = "P"
[[party]]
code = "RUS"
"""
QUOTA = """
[[term]]
id = "quota"
kind = "import_quota"
goods = "aluminium"
exporters = "RUS"
importers = "USA"
quantity = "100 kt/yr"
source = "s"
"""
DUTY = """
[[term]]
id = "duty"
kind = "import_duty"
goods = "aluminium"
exporters = "RUS"
importers = "USA"
ad_valorem = "10 %"
source = "s"
"""


@pytest.fixture
def lawful(market: Market) -> Market:
    """The small market under the US law on Russian aluminium of February 2025."""
    return enact(market, [read_term(measure) for measure in LAW])


@pytest.fixture
def founding() -> Deal:
    return deal.load(deal.shipped_deals()["us-russia-2025"])


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def duty_of(market: Market, price: float = 2000.0) -> float:
    lane = market.lane_by_key[RUS_USA]
    return (landed_cost(lane, price) - lane.freight) / price - 1.0


# ------------------------------------------------------------------------- the founding case


def test_the_founding_deal_is_in_order_under_every_variant(founding: Deal, lawful: Market) -> None:
    law = [str(measure["id"]) for measure in LAW]
    for name in (None, *founding.variants):
        version = founding if name is None else founding.variant(name)
        assert deal.check(version, lawful, law) == ()


def test_the_founding_deal_says_what_its_text_leaves_out(founding: Deal) -> None:
    assert [t.id for t in founding.implied] == ["lift-ban", "lift-200", "restore-trade"]
    assert founding.variant().active == "common-duty"
    assert len(founding.claims) == 12
    assert all(claim.readings for claim in founding.claims)
    assert {row.term for row in founding.not_modelled} >= {"supply", "lift-ban", "ukraine-minerals"}
    assert founding.domains == ("market", "project", "minerals", "budget")
    assert all(row.reading for row in founding.assumed)


@pytest.mark.parametrize(
    ("variant", "duty"),
    [("common-duty", 0.11), ("duty-free", 0.01), ("only-200-lifted", 0.21), ("two-million", 0.11)],
)
def test_the_duty_that_russia_pays(
    variant: str, duty: float, founding: Deal, lawful: Market
) -> None:
    # The small market's ordinary tariff is 1 %, its column 2 rate 11 %.
    assert duty_of(lawful) == pytest.approx(2.11)
    after = founding.variant(variant).apply(lawful)
    assert duty_of(after) == pytest.approx(duty)
    assert after.lane_by_key[RUS_USA].is_open == (variant != "only-200-lifted")


def test_only_200_lifted_says_why_nothing_moves(founding: Deal, lawful: Market) -> None:
    notes = founding.variant("only-200-lifted").notes(lawful)
    assert notes == (
        "supply has no effect: aluminium from RUS to USA stays closed by us.ban_russian_metal.",
        (
            "lift-200: lifting us.s232_russia_200 moves nothing, for aluminium RUS→USA stays"
            " closed by us.ban_russian_metal."
        ),
    )


def test_two_million_obliges_and_up_to_does_not(founding: Deal, lawful: Market) -> None:
    (limit,) = founding.variant("two-million").apply(lawful).limits
    assert limit == Limit("supply", "at_least", (RUS_USA,), 2e6, rent_to="RUS")
    (limit,) = founding.variant("common-duty").apply(lawful).limits
    assert limit == Limit("supply", "at_most", (RUS_USA,), 2e6, rent_to="RUS")


def test_before_the_measures_the_deal_has_nothing_to_lift(founding: Deal, market: Market) -> None:
    notes = founding.variant("duty-free").notes(market)
    for measure in ("us.ban_russian_metal", "us.s232_russia_200", "us.column2_russia", "us.s232_*"):
        assert any(f"{measure} is not in force" in note for note in notes)


# ------------------------------------------------------------------------------ what ships


def test_the_template_is_in_order(tmp_path: Path) -> None:
    commented = deal.load(write(tmp_path, deal.template()))
    assert commented.packs == ("aluminium",)
    assert commented.variant("no-duty").terms[0].id == "quota"
    assert set(commented.variants) == {"no-duty"}


def test_deals_are_found_by_name_and_by_path(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + QUOTA)
    assert deal.find(str(path)) == (path, None)
    assert deal.find(f"{path}:low") == (path, "low")
    assert deal.find("us-russia-2025:duty-free")[1] == "duty-free"
    with pytest.raises(InputError, match="write us-russia-2025"):
        deal.find("us-rusia-2025")


# --------------------------------------------------------------------------- deals as values


def test_the_digest_is_of_the_bytes(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + QUOTA)
    assert deal.load(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + QUOTA, encoding="utf-8-sig")
    assert deal.load(path).slug == "mine"


def test_a_deal_without_effect_leaves_the_market(tmp_path: Path, market: Market) -> None:
    promise = '[[term]]\nid = "x"\nkind = "unmodelled"\nwhat = "w"\nwhy = "y"\nsource = "s"\n'
    assert deal.load(write(tmp_path, HEAD + promise)).apply(market) is market


def test_variants_are_patches(tmp_path: Path, market: Market) -> None:
    patches = """
[variant.more]
title = "More"
as_of = 2024-01-01
[variant.more.set.quota]
quantity = "200 kt/yr"
[variant.none]
title = "None"
drop = ["quota"]
[[variant.none.term]]
id = "quota"
kind = "ban"
goods = "aluminium"
exporters = "RUS"
importers = "USA"
source = "s"
"""
    read = deal.load(write(tmp_path, HEAD + QUOTA + patches))
    assert read.variant() is read
    assert read.apply(market).limits[0].bound == 1e5
    more = read.variant("more")
    assert (more.active, more.as_of, more.date) == ("more", date(2024, 1, 1), date(2025, 2, 24))
    assert more.apply(market).limits[0].bound == 2e5
    assert not read.variant("none").apply(market).lane_by_key[RUS_USA].is_open
    with pytest.raises(InputError, match="unknown variant"):
        read.variant("moore")


def test_terms_hold_in_full_or_as_of_a_day(tmp_path: Path, market: Market) -> None:
    dates = 'from = 2026-01-01\nuntil = 2028-01-01\nramp = ["50 %", "100 %"]\n'
    read = deal.load(write(tmp_path, HEAD + DUTY + dates))
    duties = [
        duty_of(read.apply(market, on=on)) - duty_of(market)
        for on in (None, date(2025, 1, 1), date(2026, 6, 1), date(2027, 6, 1), date(2028, 1, 1))
    ]
    assert duties == pytest.approx([0.10, 0.0, 0.05, 0.10, 0.0])


def test_terms_apart_in_time_do_not_contradict(tmp_path: Path) -> None:
    first = DUTY + "until = 2026-01-01\n"
    second = DUTY.replace('"duty"', '"later"') + "from = 2026-01-01\n"
    assert len(deal.load(write(tmp_path, HEAD + first + second)).terms) == 2


def test_a_ban_of_others_does_not_contradict_a_quota(tmp_path: Path) -> None:
    ban = """
[[term]]
id = "ban"
kind = "ban"
goods = "aluminium"
exporters = "all"
except = "RUS"
importers = "USA"
source = "s"
"""
    assert len(deal.load(write(tmp_path, HEAD + QUOTA + ban)).terms) == 2


# ------------------------------------------------------------ what a reader must be told


def test_a_region_of_the_pack_can_be_a_party(market: Market, tmp_path: Path) -> None:
    text = (HEAD + DUTY).replace('code = "RUS"', 'code = "EUN"')
    assert deal.check(deal.load(write(tmp_path, text)), market) == ()


def test_a_party_of_nowhere_is_a_fault_with_its_line(market: Market, tmp_path: Path) -> None:
    text = (HEAD + DUTY).replace('code = "RUS"', 'company = "Rusal"\ncountry = "XYZ"')
    (fault,) = deal.check(deal.load(write(tmp_path, text)), market)
    assert (fault.found, fault.term, fault.field) == ('"XYZ"', "party Rusal", "country")
    assert fault.line == text.splitlines().index('country = "XYZ"') + 1


def test_a_term_that_starts_later_says_that_it_counts_in_full(
    market: Market, tmp_path: Path
) -> None:
    """C33."""
    dates = 'from = 2026-01-01\nuntil = 2030-01-01\nramp = ["50 %", "100 %"]\n'
    (note,) = deal.load(write(tmp_path, HEAD + DUTY + dates)).notes(market)
    assert note == (
        "duty starts on 2026-01-01, is phased in and ends on 2030-01-01: "
        "it counts here as if in force in full."
    )
    assert deal.load(write(tmp_path, HEAD + DUTY + "from = 2020-01-01\n")).notes(market) == ()


def test_a_plant_names_its_building_cost_as_not_modelled(tmp_path: Path) -> None:
    """C17."""
    plant = '[[term]]\nid = "plant"\nkind = "capacity"\nregion = "RUS"\nactivity = "smelter"\n'
    read = deal.load(write(tmp_path, HEAD + plant + 'level = "600 kt/yr"\nsource = "s"\n'))
    assert [row.term for row in read.not_modelled] == ["plant"]
    assert "costs to build" in read.not_modelled[0].what


OWN_PACK = """
[deal]
title = "A quota"
date = 2020-07-01
status = "offer"
pack = ["{pack}"]

[[source]]
id = "report"
title = "A report"
publisher = "A paper"

[[party]]
code = "BBB"

[[term]]
id = "quota"
kind = "import_quota"
goods = "metal"
exporters = "AAA"
importers = "BBB"
quantity = "10 kt/yr"
source = "report"
"""


def own(tmp_path: Path, name: str) -> Path:
    folder = tmp_path / "deals"
    shutil.copytree(pack.load("toyland").folder, folder / "mine")
    path = folder / "quota.toml"
    path.write_text(OWN_PACK.format(pack=name), encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["check", "run", "claims"])
def test_a_pack_is_found_by_its_path_from_the_deal_file(tmp_path: Path, command: str) -> None:
    done = CliRunner().invoke(cli, [command, str(own(tmp_path, "./mine"))])
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("./mime", "write the path from this file to the pack's folder"),
        ("mine", 'write "./mine" for the folder beside this file'),
    ],
)
def test_a_pack_that_is_not_there_is_refused_with_a_way_out(
    tmp_path: Path, name: str, fix: str
) -> None:
    done = CliRunner().invoke(cli, ["check", str(own(tmp_path, name))])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert fix in done.stderr
