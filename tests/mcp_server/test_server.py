"""The server as an assistant meets it, through the SDK's own client in memory."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("mcp.server.mcpserver", reason="needs the extra [mcp]")

from mcp.client.client import Client

from accord.mcp_server.server import server

TOOLS = ["list_deals", "list_packs", "new_deal", "check_deal", "run_deal", "explain_deal"]


def asked(*calls: tuple[str, dict[str, Any]]) -> list[Any]:
    async def ask() -> list[Any]:
        async with Client(server()) as client:
            return [await client.call_tool(name, given) for name, given in calls]

    return asyncio.run(ask())


def test_every_tool_says_what_it_does_and_harms_nothing() -> None:
    async def listed() -> list[Any]:
        async with Client(server()) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(listed())
    assert [tool.name for tool in tools] == TOOLS
    for tool in tools:
        assert tool.description
        assert tool.annotations.read_only_hint is True
        assert tool.output_schema["type"] == "object"
        for what in tool.input_schema["properties"].values():
            assert what["description"]


def test_an_answer_is_structured_and_the_same_as_text() -> None:
    (found,) = asked(("run_deal", {"deal": "us-russia-2025"}))
    assert found.is_error is False
    assert found.structured_content["certificate"]["ok"] is True
    assert json.loads(found.content[0].text) == found.structured_content


def test_every_tool_answers() -> None:
    text = {"text": "[deal]"}
    calls = [("list_deals", {}), ("list_packs", {}), ("new_deal", {}), ("check_deal", text),
             ("explain_deal", {"deal": "halve-defence-2025"})]  # fmt: skip
    assert [x.is_error for x in asked(*calls)] == [False] * len(calls)


def test_hostile_input_is_answered_in_words() -> None:
    calls = [
        ("run_deal", {"text": "x" * 1_500_000}),
        ("run_deal", {"deal": "../../etc/passwd"}),
        ("run_deal", {"text": "<html>"}),
        ("run_deal", {"deal": 5}),
        ("run_deal", {}),
    ]
    for found in asked(*calls):
        assert found.is_error is True
        said = found.content[0].text
        assert "Traceback" not in said
        assert "unexpected" not in said.lower()
        assert len(said) < 2000


def test_it_speaks_over_standard_input_and_output() -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {},
        "clientInfo": {"name": "test", "version": "0"}}}  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "from accord.cli import main; main()", "mcp"],
        input=json.dumps(hello) + "\n",
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
    )
    assert done.returncode == 0, done.stderr
    first = json.loads(done.stdout.splitlines()[0])
    assert first["result"]["serverInfo"]["name"] == "accord"
