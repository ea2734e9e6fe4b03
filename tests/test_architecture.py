"""Reads the imports and the sizes of the code, and holds them against the rules of the house."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASICS = {"errors", "crs", "sources"}
ANALYSIS = {"allocate", "assign", "catchments", "coverage", "places", "display", "demo"} | {
    "overlay",
    "squares",
    "solver",
    "hiding",
    "layout",
    "audit",
    "disclosure",
    "intervals",
    "trend",
    "classes",
    "wide",
    "welfare",
    "walked",
    "hotspots",
    "findings",
    "meetings",
    "collaboration",
    "needs",
    "day_choice",
    "free_days",
    "off_days",
    "efforts",
    "meeting_places",
    "budget",
}
# From somebody's file of statistics to checked rows: each may know those before it.
STATISTICS_FILES = (
    "indicators",
    "areacodes",
    "cells",
    "row_issues",
    "changes",
    "consistency",
    "measures",
    "statistics",
    "headers",
    "mapping",
    "statistics_file",
)
STATISTICS_MAY = BASICS | {"schema", "kinds", "files", "places", "polygons", *STATISTICS_FILES}
ANALYSIS_MAY = BASICS | {"schema", "chain", "attendance", "decisions"} | ANALYSIS
MAY = {
    "errors": set(),
    "sources": set(),
    "crs": {"errors"},
    "schema": BASICS,
    "kinds": BASICS | {"schema"},
    "files": BASICS,
    "shapes": BASICS,
    "spatial": BASICS | {"files"},
    "points": BASICS | {"files", "spatial"},
    "polygons": BASICS | {"shapes", "spatial"},
    **dict.fromkeys(STATISTICS_FILES, STATISTICS_MAY),
    "read": STATISTICS_MAY | {"points", "findings_file", "meetings_file", "spatial"},
    "chain": set(),
    "freetext": set(),
    "row_texts": {"errors", "schema", "freetext"},
    "findings_file": BASICS | {"schema", "kinds", "files", "chain", "row_texts"},
    "attendance": {"errors"},
    "decisions": {"errors"},
    "meetings_file": BASICS | {"schema", "kinds", "row_texts", "attendance", "decisions"},
    "field": BASICS
    | {"schema", "kinds", "files", "spatial", "points", "chain", "field", "findings_file"},
    "store": BASICS | {"schema", "kinds", "changes", "chain", "decisions", "store"},
    "fetch": BASICS | {"schema", "files", "changes", "fetch"},
    "export": BASICS,
    "ical": BASICS,
    **dict.fromkeys(ANALYSIS, ANALYSIS_MAY),
    "demo": ANALYSIS_MAY | {"changes"},
    "fieldwork": ANALYSIS_MAY,
    "demo_walks": ANALYSIS_MAY,
    "priority": ANALYSIS_MAY | {"priority"},
    "judgement": {"freetext"},
    "facts": ANALYSIS_MAY | {"priority"},
    "gather": ANALYSIS_MAY | {"facts", "read", "store", "fieldwork", "kinds", "ical"},
    "situation": ANALYSIS_MAY | {"priority", "facts", "judgement", "situation"},
    "report": ANALYSIS_MAY | {"priority", "facts", "situation", "report", "export", "fieldwork"},
    "service": ANALYSIS_MAY | {"priority", "situation", "service", "export", "read", "store"},
    "commands": ANALYSIS_MAY
    | STATISTICS_MAY
    | {"read", "store", "fetch", "commands", "export", "ical", "field", "fieldwork", "demo_walks"}
    | {"priority", "facts", "gather", "situation", "report"},
}
SCREEN = {"streamlit", "folium", "branca", "streamlit_folium", "pages", "app", "server"}
HOSTS = re.compile(
    r"unpkg|jsdelivr|cloudflare|openstreetmap|cartocdn|googleapis|bootstrapcdn", re.IGNORECASE
)
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "managers"}

GEO = sorted((ROOT / "geo").rglob("*.py"))
STEPS = [path for path in GEO if "migrations" in path.parts]  # called by Alembic alone
PAGES = sorted((ROOT / "pages").glob("*.py"))
PARTS = sorted((ROOT / "pages").glob("parts/**/*.py"))
TOP = [path for path in (ROOT / "app.py", ROOT / "server.py") if path.exists()]
ALL = GEO + PAGES + PARTS + TOP


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path) for path in ALL}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Return what a file imports, as full names: geo.read for `from geo import read`."""
    found = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relativ import; skriv hela namnet"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (whole & MODULES) or {str(node.module)}
    return found


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def calls(path: Path) -> set[str]:
    """Return every dotted name in a file's code, such as st.session_state (texts are not code)."""
    nodes = list(ast.walk(tree_of(path)))
    taken = [n for n in nodes if isinstance(n, ast.ImportFrom) and n.module == "streamlit"]
    dotted = {ast.unparse(node) for node in nodes if isinstance(node, ast.Attribute)}
    return dotted | {f"st.{alias.name}" for node in taken for alias in node.names}


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.FunctionDef)]


def lines(function: ast.FunctionDef) -> int:
    """Return a function's lines without its docstring (which is asked to be long)."""
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    text = first.end_lineno - first.lineno + 1 if is_text else 0
    return function.end_lineno - function.lineno + 1 - text


def each(paths: list[Path]):
    return pytest.mark.parametrize("path", paths, ids=[str(p.relative_to(ROOT)) for p in paths])


@each([path for path in GEO if path.name not in ("__init__.py", "__main__.py")])
def test_geo_modules_import_only_what_stands_below_them(path):
    module = path.relative_to(ROOT / "geo").parts[0].removesuffix(".py")
    assert module in MAY, f"geo/{module} saknar rad i tabellen MAY: vad får den importera?"
    inner = {name.split(".")[1] for name in imports(path) if name.startswith("geo.")}
    assert inner - MAY[module] == set()
    assert "geo" not in imports(path)


@each(GEO)
def test_geo_knows_no_screen(path):
    allowed = {"matplotlib"} if "report" in path.parts else set()
    assert roots(path) & (SCREEN | {"matplotlib"}) - allowed == set()


@each([path for path in GEO if path.name != "__main__.py" and path.parent.name != "commands"])
def test_geo_prints_nothing(path):
    found = [n for n in ast.walk(tree_of(path)) if isinstance(n, ast.Call)]
    assert "print" not in {ast.unparse(call.func) for call in found}


@each(ALL)
def test_no_star_imports_and_no_catching_of_everything(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom):
            assert "*" not in {alias.name for alias in node.names}
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None
            caught = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)}
            assert not caught & {"Exception", "BaseException"}


@each(ALL)
def test_no_module_is_named_after_nothing(path):
    assert path.stem not in VAGUE


@each(ALL)
def test_no_foreign_host_is_named(path):
    assert not HOSTS.search(path.read_text(encoding="utf-8"))


def test_imports_have_no_cycle():
    graph = {name_of(path): (imports(path) & MODULES) - {name_of(path)} for path in ALL}
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


@each(PAGES)
def test_a_page_composes_and_reckons_nothing(path):
    text = path.read_text(encoding="utf-8")
    assert roots(path) & {"geopandas", "shapely", "sqlalchemy", "sqlite3", "folium"} == set()
    assert "groupby(" not in text
    assert ".merge(" not in text


@each(PAGES + PARTS + TOP)
def test_each_tool_of_the_screen_has_one_home(path):
    inside = path.relative_to(ROOT).as_posix()
    if inside != "pages/parts/maps.py":
        assert roots(path) & {"folium", "branca", "streamlit_folium"} == set()
    if inside != "pages/parts/data.py":
        assert not {name for name in calls(path) if name.startswith("st.cache_")}
    if inside != "pages/parts/state.py":
        assert not calls(path) & {"st.session_state", "st.query_params"}


@each(PARTS)
def test_parts_import_no_page(path):
    pages = {name for name in imports(path) if name.startswith("pages.")}
    assert {name for name in pages if not name.startswith("pages.parts")} == set()


@each(ALL)
def test_modules_are_short(path):
    limit = 40 if path.name == "app.py" else 120 if path in PAGES else 299
    assert len(path.read_text(encoding="utf-8").splitlines()) <= limit


def test_functions_are_short():
    sizes = {f"{name_of(p)}.{f.name}": lines(f) for p in ALL for f in functions(p)}
    assert {name: size for name, size in sizes.items() if size > 45} == {}
    long = {name: size for name, size in sizes.items() if size >= 25}
    assert len(long) <= len(sizes) / 10, long


@each(GEO)
def test_public_functions_of_geo_say_what_they_do(path):
    tree = tree_of(path)
    assert ast.get_docstring(tree)
    top = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef)]
    assert [n.name for n in top if not n.name.startswith("_") and not ast.get_docstring(n)] == []


@each([path for path in GEO if path.name != "__main__.py" and path not in STEPS])
def test_every_public_function_shows_an_example(path):
    functions = [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]
    public = [node for node in functions if not node.name.startswith("_")]
    assert [node.name for node in public if ">>>" not in (ast.get_docstring(node) or "")] == []
