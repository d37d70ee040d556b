"""What the server of a small desk answers, whole: the interface for programs, the desk, the pages for readers."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import time_machine
from selectolax.lexbor import LexborHTMLParser

from feeds.app.application import open_application
from feeds.app.config.config import load
from feeds.app.web import serve
from feeds.store.tables.tokens import token_digest
from tests.support.small_desk import NOW, made_in

SCRIPTS = Path(__file__).with_name("answers.txt").read_text("utf-8").split("\n----\n")
RANDOM = (
    (re.compile(r"12:0\d:\d\d"), "12:00:00"),
    (re.compile(r"\d+ s ago"), "now"),
    (re.compile(r"Unprocessable \w+"), "Unprocessable"),
    (re.compile(r"/[^\s\"]*/desk/seeds/"), "DESK/seeds/"),
    (re.compile(r"(?<=in=)[\w-]+"), "ONCE"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "HERE"),
    (re.compile(r'(?m)^.*"?SQLite 3\..*\n'), ""),
    (re.compile(r"\d+\.\d MB"), "N MB"),
)


def text_of(markup: str) -> str:
    """What a page shows, a line for each piece, and where its links and forms lead."""
    tree = LexborHTMLParser(markup)
    tree.strip_tags(["script", "style", "svg"])
    assert tree.body is not None
    shown = [" ".join(line.split()) for line in tree.body.text(separator="\n").split("\n") if line.strip()]
    links = [f"-> {one.attributes['href']}" for one in tree.css("a[href]")]
    forms = [f"=> {one.attributes.get('action')} {one.attributes.get('method')}" for one in tree.css("form")]
    fields = [
        f".. {one.attributes.get('name')} = {one.attributes.get('value') or ''}"
        for one in tree.css("input, select, textarea, button")
        if one.attributes.get("name") not in ("token", "version")
    ]
    return "\n".join([*shown, *dict.fromkeys(links), *dict.fromkeys(forms), *dict.fromkeys(fields)])


def told(answer: httpx.Response) -> str:
    """An answer as it is compared: its status, the headers that tell something, and what is in it."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    names = ("location", "www-authenticate", "allow", "retry-after", "cache-control")
    head = [f"{answer.status_code} {kind}", *(f"{name}: {answer.headers[name]}" for name in names if name in answer.headers)]  # fmt: skip  # noqa: E501
    body = answer.text
    if kind.endswith("json"):
        body = json.dumps(answer.json(), indent=1, ensure_ascii=False)
    elif kind == "text/html":
        body = text_of(body)
    shown = "\n".join([*head, body.strip()]).strip()
    for pattern, short in RANDOM:
        shown = pattern.sub(short, shown)
    return shown


async def asked(folder: Path, requests: list[str]) -> list[str]:
    """The answers of a server of its own to these requests, each `METHOD /path [body]`, in their order."""
    path = folder / "config.toml"

    async def perform(kind: str, payload: Mapping[str, Any]) -> dict[str, Any]:
        if kind == "reload":
            return {"applied": await app.installation.reload(path)}
        return {"visited": payload.get("names", []), "clean": True}

    async def health() -> tuple[bool, dict[str, Any]]:
        return True, {"ok": True, "visits_running": 0, "loop_held_ms": 1, "records": 3, "disk": None}

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    host = "desk.example"
    if "GET FIRST" in requests:  # the desk is open on its own machine alone
        host = f"127.0.0.1:{port}"
        path.write_text(path.read_text().replace("https://desk.example", f"http://{host}"))
    async with open_application(load(path), daemon=True, workers=1) as app:
        store = app.thread.store

        def tokens() -> None:
            with store.transaction():
                for name, scopes in (("reads", ("read",)), ("writes", ("read", "write"))):
                    store.api_tokens.add(name, token_digest(name.ljust(32, "x")), scopes, NOW)

        await app.thread.call(tokens)
        await app.publisher.publish()
        serving = await serve(app, health, listener, perform=perform, config_path=path)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                assert serving.desk is not None
                first = "/desk" + serving.desk.new_link().partition("/desk")[2]
                found = []
                for request in requests:
                    method, _, rest = request.partition(" ")
                    where, _, body = rest.partition(" ")
                    headers = {"host": host}
                    if "|" in where:
                        where, _, token = where.partition("|")
                        headers["authorization"] = f"Bearer {token.ljust(32, 'x')}"
                    if body:
                        headers["content-type"] = "application/json"
                    where = first if where == "FIRST" else where
                    answer = await client.request(method, where, headers=headers, content=body or None)
                    found.append(told(answer))
                return found
        finally:
            await serving.stop()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("answers") / "desk"
    made_in(folder)
    return folder


@pytest.mark.parametrize("script", SCRIPTS, ids=[f"{n}-{one.split()[2]}" for n, one in enumerate(SCRIPTS)])
def test_what_a_server_answers(script: str, made: Path, tmp_path: Path) -> None:
    """Each script has a desk of its own. `|NAME`: with the token of this name."""
    shutil.copytree(made, tmp_path / "desk")
    parts = [part.partition("\n") for part in re.split(r"^> ", script, flags=re.MULTILINE)[1:]]
    with time_machine.travel(NOW, tick=True):
        found = asyncio.run(asked(tmp_path / "desk", [request for request, _, _ in parts]))
    for (request, _, expected), answer in zip(parts, found, strict=True):
        assert (request, answer) == (request, expected.rstrip("\n"))
