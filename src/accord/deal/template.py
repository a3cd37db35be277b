"""The commented deal file that `accord new` prints."""

from __future__ import annotations

from pathlib import Path


def template() -> str:
    """Return a commented deal file that passes its own check."""
    return Path(__file__).with_name("template.toml").read_text(encoding="utf-8")
