"""Starts the page: prepares the deal, forks the processes that answer, listens."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_urlsafe

from starlette.applications import Starlette

from accord.assessment.reference import DealReference
from accord.errors import Fault, InputError
from accord.web.answers import Answering, Answers
from accord.web.app import application
from accord.web.charts import charts, drawn
from accord.web.guard import LOOPBACK
from accord.web.library import Asked, Library
from accord.web.page import Assets
from accord.web.position import Position
from accord.web.vega import vega_script
from accord.web.workers import Role, Worker, cores, team_of

ROWS = 10
"""Rows that the chart of gains usually has: its specification is made ready."""


@dataclass
class _Later:
    """Something slow that is made aside while the rest starts; asking for it waits."""

    made: Callable[[], bytes]

    def __post_init__(self) -> None:
        self._found = b""
        self._thread = threading.Thread(target=self._make, daemon=True)

    def start(self) -> None:
        """Begin to make it."""
        self._thread.start()

    def _make(self) -> None:
        self._found = self.made()
        charts(ROWS)

    def get(self) -> bytes:
        """Return it."""
        self._thread.join()
        return self._found


def prepared(served: DealReference, processes: int | None = None) -> list[Answering]:
    """Return the processes that answer about a deal, which was answered once.

    The first are a team of as many as there are cores; one more is aside (see ``Answers``). Raises
    ``InputError`` for a deal at fault or without a market, ``NoCertifiedAnswer`` where it has no
    answer as it stands in its file.
    """
    library = Library(served)
    library.prepare(Asked("page", Position()))
    team = team_of(served, library, cores() if processes is None else processes)
    return [team, Worker(served, library, Role(gentle=True))]


def page_of(
    workers: Sequence[Answering],
    *,
    hosts: tuple[str, ...] = LOOPBACK,
    token: str = "",
    ahead: bool = True,
) -> Starlette:
    """Return the application over some processes, before any thread is started.

    ``ahead``  whether places that nobody has asked for are worked out while nobody waits
    """
    vega = _Later(vega_script)
    vega.start()
    assets = Assets(charts, drawn, vega.get)
    return application(lambda: Answers(workers), assets, hosts=hosts, token=token, ahead=ahead)


def run(  # noqa: PLR0913 - what the command line asks
    served: DealReference,
    *,
    host: str,
    port: int,
    token: str,
    tell: Callable[[str], None],
    ahead: bool = True,
) -> None:
    """Serve a deal until it is interrupted. Raises as ``prepared``, and for an address in use."""
    import uvicorn  # noqa: PLC0415 - an extra

    local = host in LOOPBACK
    token = token or ("" if local else token_urlsafe(18))
    listening = _bound(host, port)
    workers = prepared(served)
    app = page_of(workers, hosts=LOOPBACK if local else (), token=token, ahead=ahead)
    listening.listen(128)  # who follows the address at once waits a moment and is not refused
    tell(
        f"accord serves {served.path.stem} at {_address(listening, host, token)}  (Ctrl-C ends it)"
    )
    if not local:
        tell("anyone on the network who has that address can see and use this page")
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_keep_alive=30,
                            h11_max_incomplete_event_size=32_768)  # fmt: skip
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:
        tell("ended")


def _bound(host: str, port: int) -> socket.socket:
    """Return a socket that holds the address. Raises ``InputError`` where it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        found = f"{host}, port {port}: {error.strerror or error}"
        fix = "name another with --port, or 0 for any that is free"
        fault = Fault("command line", found, "an address that is free", fix, field="port")
        raise InputError([fault]) from None
    return listening


def _address(listening: socket.socket, host: str, token: str) -> str:
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listening.getsockname()[1]}/" + (f"?token={token}" if token else "")
