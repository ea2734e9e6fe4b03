"""The middleware around the pages, called with small applications of its own."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import streamlit
import uvicorn
import uvloop
from starlette.responses import HTMLResponse, JSONResponse, Response

import server
from server import Shell, swedish_page, tile_origin

STREAMLIT = Path(streamlit.__file__).parent / "static"
PAGE = (STREAMLIT / "index.html").read_text(encoding="utf-8")
WEB = Path(server.__file__).parent / "pages" / "parts" / "web"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str


def finished(work):
    """Run to the end on a thread of its own: in this one a browser's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def ask(app: Any, path: str, method: str = "GET", **request_headers: str) -> Reply:
    """Send one request to an ASGI application and collect what it answers."""
    sent: list[dict[str, Any]] = []
    headers = [(name.replace("_", "-").encode(), v.encode()) for name, v in request_headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    finished(app(scope | {"headers": headers}, receive, send))
    pairs = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Reply(sent[0]["status"], pairs, b"".join(part["body"] for part in sent[1:]).decode())


def directives(reply: Reply) -> dict[str, set[str]]:
    """The content policy of an answer, as sets of sources."""
    policy = reply.headers["content-security-policy"]
    parts = [part.split() for part in policy.split(";")]
    assert len({part[0] for part in parts}) == len(parts)
    return {part[0]: set(part[1:]) for part in parts}


@pytest.mark.parametrize("path", ["/", "/tackning", "/static/js/index.js", "/_stcore/health"])
def test_an_answer_runs_no_script_but_ours_and_is_not_framed(path):
    reply = ask(Shell(Response("x")), path)
    assert directives(reply)["script-src"] == {"'self'"}
    assert directives(reply)["frame-ancestors"] == {"'none'"}
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    assert "geolocation=()" in reply.headers["permissions-policy"]


def test_a_component_may_write_scripts_and_only_our_pages_frame_it():
    reply = ask(Shell(Response("x")), "/component/streamlit_folium.st_folium/index.html")
    assert directives(reply)["script-src"] == {"'self'", "'unsafe-inline'", "'unsafe-eval'"}
    assert directives(reply)["frame-ancestors"] == {"'self'"}
    assert reply.headers["x-frame-options"] == "SAMEORIGIN"


def test_a_downloaded_file_runs_nothing_and_is_not_rewritten():
    reply = ask(Shell(HTMLResponse(PAGE)), "/media/rapport.html")
    assert "sandbox" in directives(reply)
    assert "script-src" not in directives(reply)
    assert directives(reply)["default-src"] == {"'none'"}
    assert reply.body == PAGE


def test_no_source_outside_the_house_without_a_tile_address():
    for path in ("/", "/component/x/index.html", "/media/x.html", "/lib/sv.js"):
        sources = set().union(*directives(ask(Shell(Response("x")), path)).values())
        assert not [source for source in sources if "." in source or source in ("*", "https:")]


def test_a_tile_address_opens_images_and_requests_of_the_maps_and_nothing_else():
    tiles = "https://karta.example.se"
    with_tiles = directives(ask(Shell(Response("x"), tiles=tiles), "/component/x/index.html"))
    without = directives(ask(Shell(Response("x")), "/component/x/index.html"))
    opened = {name: with_tiles[name] - without[name] for name in without}
    assert {name: new for name, new in opened.items() if new} == {
        "img-src": {tiles},
        "connect-src": {tiles},
    }
    assert tiles not in ask(Shell(Response("x"), tiles=tiles), "/").headers.values()


@pytest.mark.parametrize("path", ["/", "/tackning", "/nagot.som.inte.finns"])
def test_a_page_is_in_swedish_and_has_no_inline_script(path):
    page = ask(Shell(HTMLResponse(PAGE)), path).body
    assert re.findall(r'<html lang="(\w+)"', page) == ["sv"]
    assert re.findall(r"<title>(.*)</title>", page) == ["Lägesbild Borås"]
    assert '<script src="./lib/sv.js" defer></script>' in page
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))
    assert not re.search(r"<(link|a)[^>]*agent", page)
    assert re.findall(r"<noscript>(.*?)</noscript>", page, re.DOTALL) == [
        "Slå på JavaScript för att se sidan."
    ]


def test_a_page_keeps_everything_that_starts_streamlit():
    def addresses(page: str) -> set[str]:
        return set(re.findall(r'(?:src|href)="(\./static/[^"]+)"', page))

    assert addresses(swedish_page(PAGE)) == addresses(PAGE)


def test_a_page_that_comes_in_pieces_is_sent_whole():
    async def in_pieces(scope: Any, receive: Any, send: Any) -> None:
        data = '<html lang="en"><title>å</title></html>'.encode()
        headers = [(b"content-type", b"text/html")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for i in range(len(data)):  # the two bytes of å come apart
            await send({"type": "http.response.body", "body": data[i : i + 1], "more_body": True})
        await send({"type": "http.response.body"})

    reply = ask(Shell(in_pieces), "/")
    assert reply.body == '<html lang="sv"><title>Lägesbild Borås</title></html>'


def test_a_page_loses_the_length_and_the_tag_of_the_english_one():
    english = HTMLResponse(PAGE, headers={"etag": "x", "last-modified": "y"})
    assert {"content-length", "etag", "last-modified"}.isdisjoint(ask(Shell(english), "/").headers)


def test_what_is_no_page_passes_unchanged():
    assert ask(Shell(JSONResponse({"lang": "en"})), "/").body == '{"lang":"en"}'
    assert ask(Shell(HTMLResponse(PAGE)), "/component/x/index.html").body == PAGE


def test_a_page_is_asked_for_as_plain_text_and_a_file_as_the_browser_wants_it():
    async def echo(scope: Any, receive: Any, send: Any) -> None:
        names = sorted(name.decode() for name, _ in scope["headers"])
        await JSONResponse(names)(scope, receive, send)

    wanted = {"accept_encoding": "gzip", "if_none_match": "x", "cookie": "y"}
    assert ask(Shell(echo), "/tackning", **wanted).body == '["cookie"]'
    assert "accept-encoding" in ask(Shell(echo), "/static/js/index.js", **wanted).body


HIDDEN = ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent", "/_stcore/agent/mcp"]


@pytest.mark.parametrize("path", HIDDEN)
def test_streamlits_metrics_and_agents_are_not_found(path):
    assert ask(Shell(Response("hemligt")), path).status == 404
    assert ask(Shell(Response("hemligt"), base="/brott/karta"), "/brott/karta" + path).status == 404
    assert "content-security-policy" in ask(Shell(Response("x")), path).headers


@pytest.mark.parametrize("path", ["/_stcore/health", "/_stcore/host-config", "/metrics", "/agent"])
def test_what_streamlit_needs_is_found(path):
    assert ask(Shell(Response("ok")), path).status == 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/component/kartor/areas-0f3ac2d1.js", "public, max-age=31536000, immutable"),
        ("/lib/areas.0f3ac2d1e5.json", "public, max-age=31536000, immutable"),
        ("/lib/sv.js", "no-cache"),
        ("/component/kartor/leaflet.js", None),
        ("/component/kartor/areas-1234.js", None),
        ("/media/0f3ac2d1e5.pdf", None),
    ],
)
def test_only_a_file_named_after_its_content_is_kept(path, expected):
    assert ask(Shell(Response("x")), path).headers.get("cache-control") == expected


def test_a_file_that_is_not_there_is_asked_for_again():
    reply = ask(Shell(Response("x", status_code=404)), "/lib/areas-0f3ac2d1.js")
    assert reply.headers["cache-control"] == "no-cache"


def test_below_a_base_path_the_same_rules_hold():
    shell = Shell(HTMLResponse(PAGE), base="/karta")
    assert 'lang="sv"' in ask(shell, "/karta").body
    assert 'lang="sv"' in ask(shell, "/karta/tackning").body
    assert ask(shell, "/karta/component/x/index.html").body == PAGE
    assert 'lang="sv"' in ask(shell, "/kartan").body


def test_a_websocket_passes_through_untouched():
    async def note(scope: Any, receive: Any, send: Any) -> None:
        seen.append((scope, receive, send))

    seen: list[Any] = []
    scope, receive, send = {"type": "websocket", "path": "/_stcore/stream"}, object(), object()
    finished(Shell(note)(scope, receive, send))  # type: ignore[arg-type]
    assert seen == [(scope, receive, send)]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("", ""),
        ("https://karta.example.se/wmts/{z}/{y}/{x}.png", "https://karta.example.se"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png?nyckel=1", "http://127.0.0.1:8080"),
        ("HTTPS://Karta.Example.SE/{z}/{x}/{y}.png", "https://karta.example.se"),
        ("https://kartor.borås.se/{z}/{x}/{y}.png", "https://kartor.xn--bors-soa.se"),
        ("https://karta.example.se", "https://karta.example.se"),
    ],
)
def test_a_tile_address_gives_its_origin(url, origin):
    assert tile_origin(url) == origin


@pytest.mark.parametrize(
    "url",
    [
        "karta.example.se/{z}/{x}/{y}.png",
        "//karta.example.se/{z}/{x}/{y}.png",
        "ftp://karta.example.se/{z}/{x}/{y}.png",
        "javascript:alert(1)",
        "https://",
        "https:///{z}/{x}/{y}.png",
        "https://*.example.se/{z}/{x}/{y}.png",
        "https://{s}.example.se/{z}/{x}/{y}.png",
        "https://namn:ord@karta.example.se/{z}/{x}/{y}.png",
        "https://karta.example.se:99999/{z}/{x}/{y}.png",
        "https://karta.example.se:port/{z}/{x}/{y}.png",
        "https://karta.example.se; script-src */{z}/{x}/{y}.png",
        "https://karta.example.se/{z},{x},{y}.png",
        "https://karta.example.se/{z}/{x}/{y}.png ",
        "https://karta.example.se/{z}/{x}/{y}.png\r\nset-cookie:a=b",
        "https://karta\t.example.se/{z}/{x}/{y}.png",
        "https://karta.example.se/'{z}/{x}/{y}.png",
        "https://[::1",
    ],
)
def test_a_doubtful_tile_address_is_refused(url):
    with pytest.raises(ValueError, match="LAGESBILD_TILES ska vara en adress som https://"):
        tile_origin(url)


def test_the_server_does_not_start_with_a_doubtful_tile_address(monkeypatch):
    monkeypatch.setenv("LAGESBILD_TILES", "karta.example.se")
    with pytest.raises(SystemExit, match=r"LAGESBILD_TILES .* Nu är den 'karta\.example\.se'"):
        server.tiles_from_environment()


def test_the_tile_address_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("LAGESBILD_TILES", " https://karta.example.se/{z}/{x}/{y}.png ")
    assert server.tiles_from_environment() == "https://karta.example.se"
    monkeypatch.delenv("LAGESBILD_TILES")
    assert server.tiles_from_environment() == ""


def test_every_translated_word_is_still_one_of_streamlits():
    script = (WEB / "sv.js").read_text(encoding="utf-8")
    table = script[script.index("const WORDS") : script.index("const MONTHS")]
    words = re.findall(r'^    "([^"]+)":', table, re.MULTILINE)
    assert len(words) > 100
    files = (STREAMLIT / "static" / "js").glob("*.js")
    bundle = "\n".join(file.read_text(encoding="utf-8") for file in files)
    assert [w for w in words if not any(q + w + q in bundle for q in "`\"'")] == []


def test_no_answer_waits_for_an_acknowledgement():
    # Streamlit hands uvicorn an open socket; this loop still turns Nagle's algorithm off for it.
    assert uvicorn.Config("server:app").get_loop_factory() is uvloop.new_event_loop
