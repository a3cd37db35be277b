"""Write what README.md and docs/ show of the program's answers anew, from the program.

Run it from anywhere: python docs/refresh.py
"""  # noqa: INP001 - a script, not a package

from __future__ import annotations

import re
from pathlib import Path

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling, default_draws
from accord.backcast import backcast
from accord.report.backcast import excerpts
from accord.report.picture import picture
from accord.report.terminal import first_screen

DOCS = Path(__file__).resolve().parent
README = DOCS.parent / "README.md"
BACKCAST = DOCS / "backcast.md"
DEAL = "us-russia-2025"
SHOWN = re.compile(r"(<!-- answer -->\n```text\n).*?(```\n<!-- /answer -->)", re.DOTALL)

PIECE = re.compile(
    r"(<!-- backcast (?P<name>\w+) -->\n```text\n).*?(```\n<!-- /backcast -->)", re.DOTALL
)


def main() -> None:
    """Answer the founding case and put its first screen and picture where they are shown."""
    answer = assess_named(DEAL, sampling=Sampling(default_draws("share")))
    if not isinstance(answer, Assessment):
        msg = f"{DEAL} is about no market"
        raise TypeError(msg)
    drawn = picture(answer, standalone=True)
    if drawn is not None:
        (DOCS / f"{DEAL}.svg").write_text(drawn, "utf-8")
    text = first_screen(answer)
    readme = README.read_text("utf-8")
    README.write_text(SHOWN.sub(lambda m: f"{m[1]}{text}{m[2]}", readme), "utf-8")
    pieces = excerpts(backcast("aluminium"))
    for file in (README, BACKCAST):
        page = file.read_text("utf-8")
        file.write_text(PIECE.sub(lambda m: f"{m[1]}{pieces[m['name']]}{m[3]}", page), "utf-8")


if __name__ == "__main__":
    main()
