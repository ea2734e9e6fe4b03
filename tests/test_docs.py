"""The documents say what is so: commands run, links lead somewhere, the tables are the code's."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from geo import kinds

ROOT = Path(__file__).parents[1]
DOCS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"]


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def test_the_set_up_is_exactly_two_commands():
    start = text("README.md").split("## Kom igång")[1].split("## ")[0]
    assert re.findall(r"(?m)^ {4}(.+)$", start) == ["make run", "make test"]


def test_the_example_of_the_readme_runs_as_it_stands():
    code = re.search(r"```python\n(.*?)```", text("README.md"), re.DOTALL)[1]
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "Lugnet" in ran.stdout
    assert "bu-fristad" in ran.stdout


def test_the_columns_are_described_as_the_code_has_them():
    assert text("docs/data.md") == kinds.as_markdown() + "\n"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_links_lead_to_files_that_exist(path):
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_every_file_in_data_is_described():
    said = text("data/README.md")
    files = [path.name for path in (ROOT / "data").iterdir() if path.is_file()]
    assert [name for name in files if name not in said and name != "README.md"] == []


def test_every_direct_library_has_a_reason():
    said = text("docs/architecture.md").lower()
    direct = text("requirements.txt").split("# What those bring")[0]
    names = re.findall(r"(?m)^([\w-]+)==", direct)
    assert names
    assert [name for name in names if name.lower() not in said] == []


def test_all_that_a_planner_must_confirm_is_listed():
    part = text("docs/method.md").split("## Vad en planerare måste bekräfta")[1].split("## ")[0]
    assert len(re.findall(r"(?m)^\d+\. ", part)) == 13


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_exactly(name):
    lines = [line for line in text(name).splitlines() if line and line[0] not in "#-"]
    pin = r"[\w.-]+(\[\w+\])?==[\w.]+(; sys_platform != \"win32\")?"
    assert [line for line in lines if not re.fullmatch(pin, line)] == []
