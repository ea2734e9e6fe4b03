"""The web server around app.py: security headers, a Swedish page shell and own files.

Start with ``streamlit run server.py`` or ``uvicorn server:app``; ``streamlit run app.py`` shows
the same pages without what is added here. Nothing here knows what the pages show.
"""

import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent
TILES = "LAGESBILD_TILES"  # environment variable: the tile address of an own map server
HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "frame-src 'self' blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# streamlit-folium writes the map as a script into its frame, and evaluates what changes on it.
COMPONENT_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:{tiles}; font-src 'self' data:; "
    "connect-src 'self'{tiles}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# Files that users download: never a page of ours, whatever is written in them.
MEDIA_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"

HIDDEN = re.compile(r"/_stcore/(metrics|agent)(/|$)")
NOT_PAGES = re.compile(r"/(_stcore|app/static|component|lib|media|static)(/|$)")
HASHED = re.compile(r"/(component|lib)/.*[-.][0-9a-f]{8,64}\.\w+$")  # areas-0f3ac2d1.js
# Without these request headers a page comes whole, as text: it can be rewritten.
NOT_FOR_PAGES = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"if-range", b"range"}
REWRITES = (
    (r'<html lang="en"', '<html lang="sv"'),
    (r"<title>.*?</title>", "<title>Lägesbild Borås</title>"),
    (r'\s*<link rel="service-desc"[^>]*>', ""),
    (r"<script>.*?</script>", '<script src="./lib/sv.js" defer></script>'),
    (r"<noscript>.*?</noscript>", "<noscript>Slå på JavaScript för att se sidan.</noscript>"),
    (r"\s*<!--.*?-->", ""),
)
BAD_TILES = (
    TILES + " ska vara en adress som https://karta.example.se/{{z}}/{{x}}/{{y}}.png, utan "
    "inloggning, blanksteg, komma, semikolon och citattecken. Nu är den {!r}."
)


def tile_origin(url: str) -> str:
    """Scheme, host and port of a tile address, "" when none is set; ValueError when doubtful."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna").decode()
        origin = f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        origin = ""
    is_origin = re.fullmatch(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?", origin)
    if not is_origin or re.search(r"[\x00-\x20;,\"'<>\\\x7f]|//[^/]*@", url):
        raise ValueError(BAD_TILES.format(url))
    return origin


def tiles_from_environment() -> str:
    """The origin of the own map server; its address not being usable stops the start."""
    try:
        return tile_origin(os.environ.get(TILES, "").strip())
    except ValueError as error:
        sys.exit(str(error))


def swedish_page(html: str) -> str:
    """Streamlit's page shell in Swedish, without its inline script and its agent address."""
    for pattern, replacement in REWRITES:
        html = re.sub(pattern, replacement, html, flags=re.DOTALL)
    return html.lstrip()


class Shell:
    """ASGI middleware: every answer gets the headers, every page the Swedish shell."""

    def __init__(self, app: ASGIApp, tiles: str = "", base: str = "") -> None:
        self.app, self.base = app, base
        self.component_policy = COMPONENT_POLICY.format(tiles=tiles and f" {tiles}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a websocket passes through untouched."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]
        for prefix in (scope.get("root_path", ""), self.base):
            path = path[len(prefix) :] if f"{path}/".startswith(f"{prefix}/") else path
        is_page = not NOT_PAGES.match(path)
        if is_page:
            kept = [pair for pair in scope["headers"] if pair[0] not in NOT_FOR_PAGES]
            scope = {**scope, "headers": kept}
        app = PlainTextResponse("", status_code=404) if HIDDEN.match(path) else self.app
        return await app(scope, receive, Answer(send, self.headers_for(path), is_page))

    def headers_for(self, path: str) -> dict[str, str]:
        """The headers that an answer at this path gets."""
        policy, framing = PAGE_POLICY, "DENY"
        if path.startswith("/component/"):
            policy, framing = self.component_policy, "SAMEORIGIN"
        elif path.startswith("/media/"):
            policy = MEDIA_POLICY
        headers = HEADERS | {"content-security-policy": policy, "x-frame-options": framing}
        if HASHED.match(path):
            return headers | {"cache-control": "public, max-age=31536000, immutable"}
        return headers | ({"cache-control": "no-cache"} if path.startswith("/lib/") else {})


class Answer:
    """One answer on its way out: more headers, and an HTML page rewritten as a whole."""

    def __init__(self, send: Send, headers: dict[str, str], is_page: bool) -> None:
        self.send, self.headers, self.is_page = send, headers, is_page
        self.start: Message = {}
        self.body = b""

    async def __call__(self, message: Message) -> None:
        """Pass one part of the answer on, or keep it until the page is whole."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(self.headers)
            if message["status"] >= 400:
                headers["cache-control"] = "no-cache"
            if not self.is_page or not headers.get("content-type", "").startswith("text/html"):
                return await self.send(message)
            for name in ("content-length", "etag", "last-modified"):
                del headers[name]
            self.start = message
        elif not self.start:
            await self.send(message)
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self.send(self.start)
                page = swedish_page(self.body.decode()).encode()
                await self.send({"type": "http.response.body", "body": page})
        return None


BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
app = st.App(
    HERE / "app.py",
    middleware=[Middleware(Shell, tiles=tiles_from_environment(), base=BASE)],
    routes=[Mount(f"{BASE}/lib", StaticFiles(directory=HERE / "pages" / "parts" / "web"))],
)
