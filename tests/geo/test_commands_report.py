"""`python -m geo report` and `annual-report`: whole files or none, wrong calls, full disks."""

import errno
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import docx
import pymupdf
import pytest
from pptx import Presentation

from geo import gather
from geo.__main__ import main
from geo.commands import report
from geo.report import situation_story, story_docx
from geo.report.story import Section, Story
from geo.situation import situation

DATE = "2026-11-28"
STORY = Story("Norrby", "Utkast", DATE, "", "", "", (Section("a", "Rubrik", ("Text.",)),))


@pytest.fixture
def read(facts, monkeypatch):
    """All facts, without reading them anew."""
    monkeypatch.setattr(gather, "facts", lambda **_: facts)
    return facts


@pytest.fixture
def quick(monkeypatch, read):
    """One small story in the place of every lägesbild: what is tested is the writing."""
    monkeypatch.setattr(report.situation_story, "story", lambda found: STORY)
    monkeypatch.setattr(report, "situation", lambda area_id, facts, day: area_id)


def run(capsys, *arguments, act="report"):
    """Run a command in this process alone: one with threads must not be forked."""
    code = main([act, "--processes", "1", *map(str, arguments)])
    return code, capsys.readouterr()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_one_network_in_every_format_says_the_same(capsys, tmp_path, read):
    asked = ("on-norrby", "--format", "pdf,docx,pptx,html", "--date", DATE, "--out", tmp_path)
    code, shown = run(capsys, *asked)
    assert (code, shown.err) == (0, "")
    stem = f"lagesbild-on-norrby-{DATE}"
    assert names(tmp_path) == [f"{stem}.{form}" for form in ("docx", "html", "pdf", "pptx")]
    assert shown.out == f"{tmp_path}: {stem} (pdf, docx, pptx, html).\n"
    title = "Lägesbild: Områdesnätverk Norrby"
    with pymupdf.open(tmp_path / f"{stem}.pdf") as document:
        assert title in document[0].get_text()
    assert docx.Document(str(tmp_path / f"{stem}.docx")).paragraphs[0].text == title
    first = Presentation(str(tmp_path / f"{stem}.pptx")).slides[0]
    assert title in [shape.text_frame.text for shape in first.shapes if shape.has_text_frame]
    assert title in (tmp_path / f"{stem}.html").read_text(encoding="utf-8")


def test_one_story_is_made_for_all_formats_of_a_network(capsys, tmp_path, read, monkeypatch):
    made = []
    monkeypatch.setattr(report.situation_story, "story", lambda found: made.append(found) or STORY)
    monkeypatch.setattr(report, "situation", lambda area_id, facts, day: area_id)
    assert run(capsys, "--all", "--out", tmp_path / "Lägesbilder å" / "hösten")[0] == 0
    assert made == list(read.register.networks.index)
    assert len(names(tmp_path / "Lägesbilder å" / "hösten")) == 60
    assert all(name.isascii() for name in names(tmp_path / "Lägesbilder å" / "hösten"))


def test_the_annual_report_and_the_sheet_for_bra(capsys, tmp_path, read):
    code, shown = run(capsys, "--year", 2017, "--out", tmp_path, act="annual-report")
    assert code == 0
    assert shown.out == f"{tmp_path}: arsredovisning-2017 (pdf, docx).\n"
    assert run(capsys, "--bra", "--date", DATE, "--out", tmp_path)[0] == 0
    expected = ["arsredovisning-2017", f"lagesbild-bra-{DATE}"]
    assert names(tmp_path) == [f"{stem}.{form}" for stem in expected for form in ("docx", "pdf")]
    found = docx.Document(str(tmp_path / "arsredovisning-2017.docx"))
    assert found.paragraphs[0].text == "Årsredovisning av samverkansuppdraget 2017"


@pytest.mark.parametrize("area_id", ["bu-x", "on-norrby/../x", "../x", "/etc/x", "Områdesnätverk"])
def test_an_unknown_area_is_told_before_the_facts_are_read(capsys, tmp_path, monkeypatch, area_id):
    monkeypatch.setattr(gather, "facts", lambda **_: pytest.fail("lästes"))
    code, shown = run(capsys, area_id, "--out", tmp_path / "ut")
    assert code == 1
    assert shown.err.startswith(f"Området {area_id!r} finns inte. Skriv ett nätverk")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Ange ett område (on-norrby), --all eller --bra"),
        (("on-norrby", "--all"), "Ange ett område (on-norrby), --all eller --bra"),
        (("--all", "--format", "pdf,odt"), "pdf, docx, pptx, html väntades, fick 'odt'"),
        (("--all", "--format", ""), "--format: pdf, docx, pptx, html väntades, fick ''"),
        (("--bra", "--format", "pptx"), "Underlaget till Brå görs som pdf eller docx"),
        (("--all", "--date", "2026-02-30"), "ett datum som 2026-11-28 väntades"),
        (("--all", "--date", "9999-01-01"), "ett år från 1990 till 2100"),
        (("--all", "--processes", "0"), "--processes: 1 eller fler väntades, fick 0"),
    ],
)
def test_a_wrong_call_is_told_before_anything_is_read(
    capsys, tmp_path, monkeypatch, arguments, told
):
    monkeypatch.setattr(gather, "facts", lambda **_: pytest.fail("lästes"))
    code, shown = run(capsys, *arguments, "--out", tmp_path / "ut")
    assert code == 1
    assert told in shown.err
    assert names(tmp_path) == []


@pytest.mark.parametrize("area_id", ["1490R001", "omrade", "boras"])
def test_base_areas_layers_and_the_city_are_known(capsys, tmp_path, quick, area_id):
    assert run(capsys, area_id, "--format", "docx", "--out", tmp_path)[0] == 0
    assert len(names(tmp_path)) == 1


@pytest.mark.parametrize("year", ["17", "1989", "2101"])
def test_the_year_17_is_told(capsys, tmp_path, year):
    code, shown = run(capsys, "--year", year, "--out", tmp_path, act="annual-report")
    assert code == 1
    assert "Skriv alla fyra siffrorna" in shown.err


def test_a_store_that_cannot_be_read_stops_it(capsys, tmp_path, facts, monkeypatch):
    faulty = replace(facts, work=replace(facts.work, fault="Databasen kan inte nås."))
    monkeypatch.setattr(gather, "facts", lambda **_: faulty)
    code, shown = run(capsys, "--all", "--out", tmp_path / "ut")
    assert (code, shown.err) == (1, "Databasen kan inte nås.\n")
    assert names(tmp_path) == []


def test_documents_are_written_anew_in_their_place(capsys, tmp_path, quick):
    name = f"lagesbild-bu-boda-{DATE}.docx"
    (tmp_path / name).write_text("gammal")
    asked = ("bu-boda", "--format", "docx", "--date", DATE, "--out", tmp_path)
    assert run(capsys, *asked)[0] == 0
    assert names(tmp_path) == [name]
    assert (tmp_path / name).read_bytes()[:2] == b"PK"


@pytest.fixture
def small(tmp_path):
    """A disk of its own with room for little; none where it may not be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=160k,mode=777", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("En egen liten disk går inte att montera här.")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_disk_that_fills_up_leaves_whole_documents_alone(capsys, small, quick):
    asked = ("--all", "--format", "docx", "--date", DATE, "--out", small)
    code, shown = run(capsys, *asked)
    assert code == 2
    written = names(small)
    assert 0 < len(written) < 20
    for name in written:
        assert docx.Document(str(small / name)).paragraphs[0].text == "Norrby"
    ready, waiting = shown.err.split(", och inte skrivna är ")
    assert ready.count("(docx)") == len(written)
    assert waiting.count("(docx)") == 20 - len(written)
    assert "Disken är full; klara är lagesbild-bu-boda-2026-11-28 (docx)" in ready
    assert shown.err.strip().endswith("Frigör utrymme och kör om.")


def failing(code, after):
    """Return a write that fails midway, from the document after some on."""
    written = []
    plain = report.os.fsync

    def fsync(descriptor):
        written.append(descriptor)
        if len(written) > after:
            raise OSError(code, "No space left on device" if code == errno.ENOSPC else "Nej")
        plain(descriptor)

    return fsync


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (errno.ENOSPC, "Disken är full; "),
        (errno.EACCES, "får inte skrivas i; "),
        (errno.EIO, "kan inte skrivas i (Nej); "),
    ],
)
def test_a_write_that_fails_midway_leaves_no_half_document(
    capsys, tmp_path, quick, monkeypatch, code, told
):
    monkeypatch.setattr(report.os, "fsync", failing(code, after=4))
    exit_code, shown = run(capsys, "--all", "--date", DATE, "--out", tmp_path)
    assert exit_code == 2
    assert told in shown.err
    stems = [f"lagesbild-{i}-{DATE}" for i in ("bu-boda", "bu-centrum")]
    assert names(tmp_path) == [
        *(f"{stems[0]}.{form}" for form in ("docx", "pdf", "pptx")),
        f"{stems[1]}.pdf",
    ]
    assert f"klara är {stems[0]} (pdf, docx, pptx) och {stems[1]} (pdf), och inte" in shown.err
    assert f"inte skrivna är {stems[1]} (docx, pptx), " in shown.err


def test_an_old_document_stays_when_the_new_one_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.pdf"
    path.write_bytes(b"gammal")
    monkeypatch.setattr(report.os, "fsync", failing(errno.ENOSPC, after=0))
    with pytest.raises(OSError, match="No space left"):
        report.write_whole(path, b"ny")
    assert (names(tmp_path), path.read_bytes()) == (["a.pdf"], b"gammal")


def test_a_file_where_the_folder_should_be_is_told(capsys, tmp_path, quick):
    out = tmp_path / "ut"
    out.write_text("en fil")
    code, shown = run(capsys, "bu-boda", "--out", out)
    assert code == 2
    assert f"Mappen {out} kan inte skrivas i" in shown.err
    assert "inget dokument är klart" in shown.err
    assert Path(out).read_text() == "en fil"


def test_nothing_is_kept_from_one_network_to_the_next(tmp_path):
    alive = []

    class Kept(Story):
        def __del__(self):
            alive.remove(self.title)

    def made(name):
        alive.append(name)
        assert len(alive) <= 2  # the one before, and this one
        return Kept(name, "", DATE, "", "", "", ())

    jobs = [report.Job(f"n{i}", lambda i=i: made(f"n{i}")) for i in range(6)]
    assert report.write_all(tmp_path, jobs, ("docx",)) == 0
    assert len(names(tmp_path)) == 6
    assert alive == []


def test_several_processes_write_what_one_does(tmp_path, facts):
    asked = ("--all", "--format", "docx", "--processes", "2", "--date", DATE, "--out", tmp_path)
    command = [sys.executable, "-m", "geo", "report", *map(str, asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert done.stdout.endswith(f"{tmp_path}: 20 dokument.\n")
    assert len(names(tmp_path)) == 20
    for area_id in ("bu-boda", "or-viskafors"):
        found = situation(area_id, facts, report.day_of(DATE))
        here = docx.Document(io.BytesIO(story_docx.docx(situation_story.story(found))))
        written = docx.Document(str(tmp_path / f"lagesbild-{area_id}-{DATE}.docx"))
        assert said(written) == said(here)


def said(document):
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells
