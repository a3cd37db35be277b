"""The server: accord's tools over standard input and output. Needs the extra ``mcp``.

Import it where it is started and nowhere else: the SDK is heavy, and may not be there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from accord import __version__
from accord.errors import AccordError
from accord.mcp_server import tools
from accord.mcp_server.asked import Asked

INSTRUCTIONS = (
    "accord computes what a deal between countries would do to prices, trade, gains and losses, "
    "with a market model that is certified to clear. A deal is a short TOML file. Begin with "
    "list_deals; check_deal names every fault of a text; run_deal gives the numbers; explain_deal "
    "says why, and what they rest on. Always pass on ranges, assumptions and what is not modelled."
)
HARMLESS = ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

Given = ParamSpec("Given")
Json = dict[str, Any]
Words = str | None
Deal = Annotated[
    Words,
    Field(
        description="name, with variant and day if you like: us-russia-2025:duty-free@2025-07-01"
    ),
]
Text = Annotated[Words, Field(description="a whole deal file in TOML, in place of a name")]
Variant = Annotated[Words, Field(description="a variant of the deal")]
Day = Annotated[Words, Field(description="law in force on this day, YYYY-MM-DD (default: its own)")]
Closure = Annotated[str, Field(description="how trade is closed: share, armington or homogeneous")]
Draws = Annotated[int | None, Field(description="draws behind the ranges, 0 for none")]
Fix = Annotated[
    dict[str, float] | None,
    Field(description='uncertain numbers that stand at a value, as {"sigma.aluminium": 6}'),
]
Years = Annotated[Words, Field(description="first and last year of a path, as 2025-2035")]


def serve(folder: Path | None = None) -> None:
    """Answer an assistant over standard input and output until it leaves.

    ``folder``  whose deal files may be asked about by name, beside the deals that ship
    """
    server(folder).run("stdio")


def server(folder: Path | None = None) -> MCPServer:
    """Return the server with its six tools, none of which changes anything."""
    made = MCPServer("accord", version=__version__, instructions=INSTRUCTIONS, log_level="ERROR")
    for tool in (*_lists(folder), *_answers(folder)):
        made.tool(annotations=HARMLESS, structured_output=True)(_in_words(tool))
    return made


def _lists(folder: Path | None) -> list[Callable[..., Json]]:
    def list_deals() -> Json:
        """List the deals that may be asked about, with their variants and packs."""
        return tools.list_deals(folder)

    def list_packs() -> Json:
        """List the data packs: which goods, regions and years there are."""
        return tools.list_packs()

    def new_deal() -> Json:
        """Give a commented deal file to start from: every kind of term, with its units."""
        return tools.new_deal()

    return [list_deals, list_packs, new_deal]


def _answers(folder: Path | None) -> list[Callable[..., Json]]:
    def check_deal(deal: Deal = None, text: Text = None) -> Json:
        """Name everything that is wrong with a deal at once: line, found, allowed, likely fix."""
        return tools.check_deal(Asked(deal, text), folder)

    def run_deal(  # noqa: PLR0913, PLR0917 - a tool has the arguments it has
        deal: Deal = None,
        text: Text = None,
        variant: Variant = None,
        as_of: Day = None,
        closure: Closure = "share",
        years: Years = None,
        draws: Draws = None,
        fix: Fix = None,
    ) -> Json:
        """Answer a deal: main numbers before and after with ranges, gains, certificate, caveats."""
        asked = Asked(deal, text, variant)
        return tools.run_deal(asked, folder, as_of, closure, years, draws, fix)

    def explain_deal(  # noqa: PLR0913, PLR0917 - the same
        deal: Deal = None,
        text: Text = None,
        variant: Variant = None,
        as_of: Day = None,
        closure: Closure = "share",
        draws: Draws = None,
        fix: Fix = None,
    ) -> Json:
        """Explain an answer: terms, law, claims judged, assumptions, what is left out, sources."""
        return tools.explain_deal(Asked(deal, text, variant), folder, as_of, closure, draws, fix)

    return [check_deal, run_deal, explain_deal]


def _in_words(tool: Callable[Given, Json]) -> Callable[Given, Json]:
    """Return a tool whose errors say what is wrong and what to do, as on the command line."""

    @wraps(tool)
    def answered(*args: Given.args, **kwargs: Given.kwargs) -> Json:
        try:
            return tool(*args, **kwargs)
        except AccordError as error:
            raise ToolError(str(error)) from None

    return answered
