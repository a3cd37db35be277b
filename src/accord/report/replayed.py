"""How far the model was off when it replayed the past: a short table from the pack's own back-cast.

Nothing is computed: the errors are those that the fit left in the pack (``choices.csv``).
"""

from __future__ import annotations

from accord.assessment import Assessment
from accord.backcast.evidence import FOLDER, LAST_EVIDENCE
from accord.backcast.posterior import TRIAL_YEARS, load_posterior
from accord.backcast.read_evidence import load_evidence
from accord.report.backcast_blocks import POINTS
from accord.report.block import Block, Line
from accord.report.numbers import Unit, amount, percent

AS_RUN = "made"


def replayed_block(a: Assessment) -> Block | None:
    """Return the errors of the runs that count; ``None`` where the pack has no back-cast."""
    pack = a.scene.pack
    if pack is None or not (pack.folder / FOLDER / "choices.csv").is_file():
        return None
    found = load_posterior(pack, load_evidence(pack))
    runs = [x for x in found.choices if x.at == AS_RUN]
    lines = tuple(
        Line((
            x.name.removeprefix("as run: "),
            *(amount(v, POINTS, 2) for v in x.years),
            amount(x.premium, Unit("USD/t", 1.0), 0),
            percent(None if x.imports is None else 100.0 * x.imports, digits=1),
        ))
        for x in runs
    )  # fmt: skip
    columns = ("", *(f"shares {y}\npp" for y in TRIAL_YEARS), "premium\nUSD/t", "US imports\n%")
    stale = "" if found.current else " These errors are of an earlier state of the pack or program."
    note = (
        f"The pack {pack.name} replays the past from its first year. Errors: origins' shares of "
        "imports, in percentage points; mean of the annual premium; mean of total imports. prior: "
        "only the law is known. updated: parameters fitted to what was seen up to "
        f"{LAST_EVIDENCE}, so that years up to then are no test of it.{stale} In full, with naive "
        "forecasts beside it: accord backcast."
    )
    return Block("Back-cast: errors when the past is replayed", columns, lines, (note,), words=())
