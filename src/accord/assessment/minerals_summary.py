"""Joint work on deposits in one line, to stand beside other offers; and its draws."""

from __future__ import annotations

from collections.abc import Iterator

from accord.assessment.minerals_case import MineralsCase
from accord.assessment.part import Amount, RangeNote, Summary
from accord.assessment.words import percent
from accord.claims import Draws
from accord.minerals.study import Outcome, StepPath

NAMES = {
    "mine": "rare-earth oxides mined",
    "separation": "NdPr oxide",
    "metal": "NdPr metal",
    "magnet": "magnets",
}
PERCENTILES = "10th to 90th percentile of draws"
OF_MEAN = f"{PERCENTILES}; after is their mean, which may lie beyond where few draws succeed"
FIFTHS = "fifths of the draws in which least and most is mined"


def summary(case: MineralsCase) -> Summary:
    """Return what is expected at the horizon, what is left of its sales, what it takes."""
    study = case.study
    steps = study.paths if len(study.paths) == 1 else (study.paths[0], study.paths[-1])
    quantities = tuple(_quantity(path) for path in steps)
    return Summary(
        name="Rare earths",
        quantities=quantities,
        money=tuple(_money(case)),
        money_is=("sales less running costs, before capital, a year", "surplus/yr"),
        shown=quantities[0],
        year=study.last_year,
        when=f"by {study.last_year}",
        needs=tuple(_needs(case)),
    )


def range_notes(case: MineralsCase) -> tuple[RangeNote, ...]:
    """Return what the ranges of rows are, and why rows have none."""
    outputs = (f"{path.step}_output" for path in case.study.paths)
    measures = (*outputs, "mine_output_part_of_world")
    floor = "not drawn: it is told of what is expected to be made"
    return (
        *(RangeNote(measure, OF_MEAN, ranged=True) for measure in measures),
        RangeNote("buyer_price", FIFTHS, ranged=True),
        RangeNote("price_floor_cost", floor),
    )


def draws(case: MineralsCase) -> tuple[Draws, ...]:
    """Return what each step makes in all at the horizon, over the draws; of mines also the part."""
    study, found = case.study, list[Draws]()
    for path in study.paths:
        before = study.base_of(path.step)
        total = study.total(path.step)[:, -1]
        after = tuple((before + total).tolist())
        measure, region = f"{path.step}_output", study.question.region
        found.append(Draws(measure, region, study.last_year, before, after))
    mined, world = found[0], study.world_output
    part = tuple(x / world for x in mined.after)
    was = mined.before / world
    found.append(Draws("mine_output_part_of_world", mined.region, mined.year, was, part))
    return tuple(found)


def _quantity(path: StepPath) -> Amount:
    mean, low, high = (float(x[-1]) for x in (path.mean, path.low, path.high))
    return Amount(NAMES[path.step], mean, "t/yr", low=low, high=high, range_is=PERCENTILES)


def _money(case: MineralsCase) -> Iterator[Amount]:
    study = case.study
    value, *ends = (_surplus(x) for x in (study.expected, study.worst, study.best))
    low, high = min(ends), max(ends)
    for s in case.term.share:
        yield Amount(
            "surplus", s.share * value, "USD/yr", s.country, s.party, s.share * low, s.share * high,
            FIFTHS,
        )  # fmt: skip


def _surplus(case: Outcome | None) -> float:
    """Return what is left after running costs: nothing where nothing gets built."""
    return 0.0 if case is None else case.surplus


def _needs(case: MineralsCase) -> Iterator[str]:
    study = case.study
    low, middle, high = (x / 1e9 for x in study.capital())
    yield f"{middle:,.1f} bn USD to build ({low:,.1f} to {high:,.1f})"
    step, part = study.bottleneck
    of = "of what deposits would give" if step == "mine" else "of what reaches it"
    yield f"luck: {percent(100.0 * part)} {of} gets through the narrowest step, the {step}"
