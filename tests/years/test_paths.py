"""Years in a row, without a deal and with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from accord import deal as deals
from accord import pack
from accord.assessment.reference import find
from accord.effects import compare
from accord.equilibrium import solve_market
from accord.errors import InputError, NoCertifiedAnswer
from accord.instruments import Term
from accord.pack import Pack
from accord.years import Paths, Question, refuse_years, solve_paths
from accord.years.path import dated

MakeTerm = Callable[..., Term]
DAY = date(2022, 6, 1)
LANE = ("metal", "BBB", "CCC")


def path(pack: Pack, *terms: Term, first: int = 2022, last: int = 2026, **more: object) -> Paths:
    return solve_paths(Question(pack, DAY, first, last, terms, **more))  # type: ignore[arg-type]


@pytest.fixture
def lift(term: MakeTerm) -> Term:
    return term("lift", measures=["ccc.metal_duty_2021"], exporters=["BBB"], importers=["CCC"])


def test_a_deal_that_changes_nothing_changes_no_year_at_all(
    looking_ahead: Pack, term: MakeTerm
) -> None:
    nothing = term("import_quota", goods=["metal"], exporters=["BBB"], importers=["CCC"],
                   quantity="900 Mt/yr", rent_to="importer")  # fmt: skip
    for terms in ((), (nothing,)):
        for year in path(looking_ahead, *terms).years:
            assert year.effects.welfare_identity == 0.0
            assert all(row.change in (0.0, None) for row in year.effects.rows)
            if not terms:
                assert [p.equilibrium for p in year.after.parts] == [
                    p.equilibrium for p in year.before.parts
                ]


def test_a_path_is_its_years_each_solved_alone(looking_ahead: Pack, lift: Term) -> None:
    whole = path(looking_ahead, lift)
    alone = path(looking_ahead, lift, first=2026).years[0]
    assert [y.year for y in whole.years] == [2022, 2023, 2024, 2025, 2026]
    assert whole.base_year == 2021
    assert whole.long_run.year == 2026
    for side in ("before", "after"):
        one, other = getattr(whole.long_run, side), getattr(alone, side)
        assert one.last.state.price == pytest.approx(other.last.state.price, rel=1e-8)
        assert one.flow(*LANE) == pytest.approx(other.flow(*LANE), rel=1e-7)


def test_every_year_keeps_its_identities(looking_ahead: Pack, lift: Term) -> None:
    for year in path(looking_ahead, lift).years:
        effects = year.effects
        assert effects.welfare_identity < 1e-8
        for equilibrium in (year.before, year.after):
            assert equilibrium.certificate.ok
        regions = [r.code for r in effects.before.market.regions]
        assert sum(effects.change("welfare", r) for r in regions) == pytest.approx(
            effects.welfare_by_parts, abs=1e-6 * effects.gross_change
        )


def test_the_effects_of_a_year_are_those_of_its_regimes_by_days(
    looking_ahead: Pack, lift: Term
) -> None:
    first = path(looking_ahead, lift, last=2022).years[0]
    (share, before), (rest, after) = first.effects.parts
    assert share == 151 / 365  # the deal holds from the day of the question on
    assert before.gross_change == 0.0
    for measure, place, good in (
        ("welfare", "CCC", None), ("duty_revenue", "CCC", "metal"), ("imports", "CCC", "metal"),
        ("flow", "BBB>CCC", "metal"), ("hub_price", "WORLD", "metal"),
    ):  # fmt: skip
        expected = rest * after.change(measure, place, good)
        assert first.effects.change(measure, place, good) == pytest.approx(expected)
    alone = compare(first.before.parts[1].equilibrium, first.after.parts[1].equilibrium)
    assert alone.change("welfare", "BBB") == after.change("welfare", "BBB")
    rate = first.effects.row("duty_rate_statutory", "BBB>CCC", "metal")
    plain = first.before.parts[0].equilibrium
    assert rate is not None
    assert rate.before is not None
    assert rate.after == pytest.approx(share * rate.before)
    assert plain.market.year == 2022


def test_the_rate_collected_in_a_year_is_a_mean_over_tonnes(
    looking_ahead: Pack, lift: Term
) -> None:
    first = path(looking_ahead, lift, last=2022).years[0].effects
    (share, before), (rest, after) = first.parts
    rates = [x.row("duty_rate_collected", "BBB>CCC", "metal") for x in (before, after)]
    flows = [x.row("flow", "BBB>CCC", "metal") for x in (before, after)]
    whole = first.row("duty_rate_collected", "BBB>CCC", "metal")
    assert whole is not None
    assert all(x is not None for x in (*rates, *flows))
    tonnes = share * flows[0].after, rest * flows[1].after  # type: ignore[union-attr, operator]
    expected = tonnes[0] * rates[0].after / sum(tonnes)  # type: ignore[union-attr, operator]
    assert whole.after == pytest.approx(expected)


def test_terms_start_and_end_and_grow_in_their_years(looking_ahead: Pack, term: MakeTerm) -> None:
    tariff = term("import_duty", goods=["metal"], exporters=["BBB"], importers=["CCC"],
                  ad_valorem="40 %", from_=date(2023, 1, 1), until=date(2025, 1, 1),
                  ramp=["50 %", "100 %"])  # fmt: skip
    years = {y.year: y for y in path(looking_ahead, tariff).years}
    rate = {y: year.effects.row("duty_rate_statutory", "BBB>CCC", "metal")
            for y, year in years.items()}  # fmt: skip
    assert years[2022].effects.gross_change == 0.0
    assert rate[2023] is not None
    assert rate[2024] is not None
    assert rate[2024].change == pytest.approx(0.40, abs=0.01)
    assert rate[2023].change == pytest.approx(0.20, abs=0.01)
    assert years[2025].effects.gross_change == pytest.approx(0.0, abs=1e-3)


def test_a_plant_of_the_deal_is_built_and_runs_up(looking_ahead: Pack, term: MakeTerm) -> None:
    plant = term("capacity", region="AAA", activity="smelter", level="100 kt/yr",
                 like="smelter.AAA", from_=date(2022, 7, 1), build_years=1,
                 ramp_years=2)  # fmt: skip
    levels = {}
    for year in path(looking_ahead, plant).years:
        market = year.after.last.market.activity_by_name
        levels[year.year] = market["smelter.AAA.deal"].capacity.level if len(market) > 3 else 0.0
    assert levels == {2022: 0.0, 2023: 50e3, 2024: 100e3, 2025: 100e3, 2026: 100e3}


def test_a_term_without_a_first_day_holds_from_the_day_of_the_question(term: MakeTerm) -> None:
    undated = term("ban", goods=["metal"], exporters=["BBB"], importers=["CCC"])
    from_then = term("ban", goods=["metal"], exporters=["BBB"], importers=["CCC"],
                     from_=date(2020, 1, 1))  # fmt: skip
    silent = term("unmodelled", what="x", why="y")
    assert [t.starts for t in dated([undated, from_then, silent], DAY)] == [DAY, date(2020, 1, 1)]


def test_relabelling_the_regions_changes_nothing(looking_ahead: Pack, lift: Term) -> None:
    order = tuple(reversed(looking_ahead.regions))
    turned = replace(looking_ahead, regions=order)
    for one, other in zip(path(looking_ahead, lift).years, path(turned, lift).years, strict=True):
        for measure, place, good in (("welfare", "BBB", None), ("flow", "BBB>CCC", "metal")):
            found = [x.effects.change(measure, place, good) for x in (one, other)]
            assert found[0] == pytest.approx(found[1], rel=1e-7)


def test_low_and_high_growth_are_other_paths(looking_ahead: Pack) -> None:
    slow, fast = (path(looking_ahead, case=case).long_run.before for case in ("low", "high"))
    assert slow.flow(*LANE) < fast.flow(*LANE)


def test_a_year_without_an_answer_is_named(looking_ahead: Pack, term: MakeTerm) -> None:
    supply = term("supply_commitment", goods=["metal"], exporters=["BBB"], importers=["CCC"],
                  at_least="900 Mt/yr", payer="BBB", from_=date(2025, 5, 1))  # fmt: skip
    with pytest.raises(NoCertifiedAnswer, match=r"2025 \(2025-05-01 to 2025-12-31\): "):
        path(looking_ahead, supply)


# --------------------------------------------------------------------------- years that cannot be


@pytest.mark.parametrize(
    ("first", "last", "allowed", "fix"),
    [
        (2035, 2025, "the first year, then the last", "exchange the two"),
        (2022, 2300, "years from 2022, the first after the pack's levels of 2021, to 2030",
         "use --years 2022-2030"),
        (2021, 2025, "years from 2022", "use --years 2022-2025"),
        (1990, 1995, "years from 2022", "use --years 2022-2030"),
    ],
)  # fmt: skip
def test_years_outside_the_outlook_are_refused(
    looking_ahead: Pack, first: int, last: int, allowed: str, fix: str
) -> None:
    with pytest.raises(InputError) as caught:
        refuse_years(Question(looking_ahead, DAY, first, last))
    (fault,) = caught.value.faults
    assert (fault.found, fault.field) == (f"{first}-{last}", "years")
    assert allowed in fault.allowed
    assert fault.fix == fix


def test_a_pack_without_an_outlook_has_no_path(toyland: Pack) -> None:
    with pytest.raises(InputError, match="without an outlook"):
        refuse_years(Question(toyland, DAY, 2022, 2025))


def test_an_outlook_that_begins_after_the_levels_is_refused() -> None:
    with pytest.raises(InputError, match="its levels are those of 2017"):
        refuse_years(Question(pack.load("aluminium"), date(2019, 6, 1), 2025, 2026))


# -------------------------------------------------------------------------------- the founding deal


def test_the_founding_deal_under_the_law_known_on_its_day() -> None:
    aluminium = pack.load("aluminium")
    deal = deals.load(find("us-russia-2025").path).variant(None)
    found = solve_paths(Question(aluminium, date(2025, 2, 24), 2025, 2027, deal.terms))
    days = [p.regime.starts for p in found.years[0].before.parts]
    assert days == [date(2025, 1, 1), date(2025, 2, 24), date(2025, 3, 12)]
    # The 50 % of June 2025 was not enacted in February: 25 % holds in 2027.
    rate = found.years[2].effects.row("duty_rate_statutory", "CAN>USA", "aluminium")
    assert rate is not None
    assert rate.before == pytest.approx(0.25)
    flows = [y.after.flow("aluminium", "RUS", "USA") for y in found.years]
    assert flows == sorted(flows)
    assert all(y.before.flow("aluminium", "RUS", "USA") == 0.0 for y in found.years)
    assert max(y.effects.welfare_identity for y in found.years) < 1e-8


def test_a_path_is_the_same_as_its_markets_solved_from_nothing() -> None:
    aluminium = pack.load("aluminium")
    year = solve_paths(Question(aluminium, date(2025, 2, 24), 2025, 2026)).long_run
    for part in year.before.parts:
        cold = solve_market(part.equilibrium.market)
        warm = part.equilibrium
        for good in ("aluminium", "alumina", "bauxite"):
            for code in ("USA", "CHN", "RUS"):
                one, other = (eq.buyer_price(good, code) for eq in (cold, warm))
                assert one == (None if other is None else pytest.approx(other, rel=1e-8))
