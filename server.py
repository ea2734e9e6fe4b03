"""The server around app.py (``streamlit run server.py``): headers, Swedish shell, own files."""

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
UNCACHED = {"cache-control": "no-cache"}
FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
PAGE_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; object-src 'none'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'self'; "
    "frame-src 'self' blob:; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'none'"
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
        raise ValueError(
            f"{TILES} ska vara en adress som https://karta.example.se/{{z}}/{{x}}/{{y}}.png, utan "
            f"inloggning, blanksteg, komma, semikolon och citattecken. Nu är den {url!r}."
        )
    return origin


def tiles_from_environment() -> str:
    """The origin of the own map server; an address that is not usable stops the start."""
    try:
        return tile_origin(os.environ.get(TILES, "").strip())
    except ValueError as error:
        sys.exit(str(error))


def swedish_page(html: str) -> str:
    """Streamlit's page shell in Swedish, without its inline script and its agent address."""
    for pattern, replacement in REWRITES:
        html = re.sub(pattern, replacement, html, flags=re.DOTALL)
    return html


class Shell:
    """ASGI middleware: every answer gets the headers, every page the Swedish shell."""

    def __init__(self, app: ASGIApp, tiles: str = "", base: str = "") -> None:
        self.app, self.base = app, base
        maps = COMPONENT_POLICY.format(tiles=tiles and f" {tiles}")
        self.policies = {"component": (maps, "SAMEORIGIN"), "media": (MEDIA_POLICY, "DENY")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a websocket passes through untouched."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        path = scope["path"]
        for prefix in (scope.get("root_path", ""), self.base):
            path = path[len(prefix) :] if f"{path}/".startswith(f"{prefix}/") else path
        is_page = not NOT_PAGES.match(path)
        dropped = NOT_FOR_PAGES if is_page else ()
        scope = {**scope, "headers": [h for h in scope["headers"] if h[0] not in dropped]}
        app = PlainTextResponse("", 404) if HIDDEN.match(path) else self.app
        return await app(scope, receive, Answer(send, self.headers_for(path), is_page))

    def headers_for(self, path: str) -> dict[str, str]:
        """The headers that an answer at this path gets."""
        section = f"{path}/".split("/")[1]
        caching = FOREVER if HASHED.match(path) else UNCACHED if section == "lib" else {}
        policy, framing = self.policies.get(section, (PAGE_POLICY, "DENY"))
        return HEADERS | caching | {"content-security-policy": policy, "x-frame-options": framing}


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
            headers.update(self.headers | (UNCACHED if message["status"] >= 400 else {}))
            if self.is_page and headers.get("content-type", "").startswith("text/html"):
                for name in ("content-length", "etag", "last-modified"):
                    del headers[name]
                self.start = message
                return
        if self.start:
            self.body += message.get("body", b"")
            if message.get("more_body", False):
                return
            await self.send(self.start)
            message = {**message, "body": swedish_page(self.body.decode()).encode()}
        await self.send(message)


BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
app = st.App(
    HERE / "app.py",
    middleware=[Middleware(Shell, tiles=tiles_from_environment(), base=BASE)],
    routes=[Mount(f"{BASE}/lib", StaticFiles(directory=HERE / "pages" / "parts" / "web"))],
)
