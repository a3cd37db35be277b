"""``accord serve``: the live page."""

from __future__ import annotations

import click

FOUNDING = "us-russia-2025"
LOOPBACK = "127.0.0.1"
# Modules by the name that they are installed by.
NEEDED = {
    "starlette": "starlette",
    "uvicorn": "uvicorn",
    "altair": "altair",
    "vl_convert": "vl-convert-python",
}


@click.command()
@click.argument("deal", required=False, default=FOUNDING)
@click.option("--port", type=click.IntRange(0, 65_535), default=8765, show_default=True,
              metavar="N", help="Port; 0 for any that is free.")  # fmt: skip
@click.option("--host", default=LOOPBACK, show_default=True, metavar="H",
              help="Address to listen on; any but this machine's own takes a token.")  # fmt: skip
@click.option("--token", default="", metavar="T",
              help="What readers have to show (default: made where one is needed).")  # fmt: skip
@click.option("--ahead/--no-ahead", default=True, show_default=True,
              help="While nobody waits, work out places that sliders may go to.")  # fmt: skip
def serve(deal: str, port: int, host: str, token: str, *, ahead: bool) -> None:
    """Show the answer of a DEAL as a live page, with a slider for each of its numbers.

    Without a DEAL it is the founding case. The page is for this machine alone unless --host says
    otherwise.
    """
    _refuse_without_libraries()
    from accord.assessment.reference import find
    from accord.web.server import run

    def tell(text: str) -> None:
        click.echo(text, err=True)

    run(find(deal), host=host, port=port, token=token, tell=tell, ahead=ahead)


def _refuse_without_libraries() -> None:
    """Say at once all that is missing, before anything is prepared."""
    from importlib.util import find_spec

    from accord.errors import Fault, InputError

    missing = [library for module, library in NEEDED.items() if find_spec(module) is None]
    if missing:
        named = " ".join(missing)
        raise InputError([
            Fault("command line", f"{', '.join(missing)} not installed", "them, for accord serve",
                  f"install with: pip install {named}   (accord's extra [page])")
        ])  # fmt: skip
