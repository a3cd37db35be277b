"""How a result shows itself in a notebook; what it looks like is said by a room above.

The lowest rooms make results and know nothing of pages; the report makes pages and imports the
lowest rooms. So results ask ``notebook_html``, and the report registers an answer for each type.
"""

from __future__ import annotations

from functools import singledispatch


@singledispatch
def notebook_html(_value: object) -> str | None:
    """Return a result as a piece of HTML; ``None`` as long as no room has said how."""
    return None


class Displayed:
    """A result that Jupyter and marimo show as a table; elsewhere it has its ``repr``."""

    __slots__ = ()

    def _repr_html_(self) -> str | None:
        """Return HTML for Jupyter, which shows the ``repr`` where there is none."""
        return notebook_html(self)

    def _mime_(self) -> tuple[str, str]:
        """Return a kind and a text for marimo."""
        html = notebook_html(self)
        return ("text/plain", repr(self)) if html is None else ("text/html", html)
