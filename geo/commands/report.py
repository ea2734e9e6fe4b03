"""The commands report and annual-report: lägesbilder and the year's report as documents."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from tqdm import tqdm

from geo import gather, read
from geo.commands import processes
from geo.commands.meetings import YEARS
from geo.errors import GeoError
from geo.facts import Facts
from geo.report import annual, bra, situation_story, story_docx, story_pdf, story_pptx, story_wall
from geo.report.story import Story
from geo.report.words import listed
from geo.situation import situation
from geo.situation.who import require_place

FORMATS: dict[str, Callable[[Story], bytes]] = {
    "pdf": story_pdf.pdf,
    "docx": story_docx.docx,
    "pptx": story_pptx.pptx,
    "html": lambda story: story_wall.html(story).encode("utf-8"),
}
USUAL, TO_READ = ("pdf", "docx", "pptx"), ("pdf", "docx")
FULL = (errno.ENOSPC, errno.EDQUOT)
CLOSED = (errno.EACCES, errno.EPERM, errno.EROFS)


@dataclass(frozen=True)
class Job:
    """Documents to be written: their name without an ending, and what makes their story."""

    name: str
    story: Callable[[], Story]


def add(commands: argparse._SubParsersAction[Any]) -> None:
    """Add report and annual-report to the command line.

    >>> parser = argparse.ArgumentParser()
    >>> add(parser.add_subparsers())
    >>> parser.parse_args(["report", "on-norrby", "--out", "ut"]).area_id
    'on-norrby'
    """
    report = commands.add_parser("report", help="lägesbild som PDF, Word, PowerPoint, webbsida")
    report.add_argument("area_id", nargs="?", metavar="OMRÅDE", help="till exempel on-norrby")
    report.add_argument("--all", action="store_true", help="alla nätverk")
    report.add_argument("--bra", action="store_true", help="underlaget till Brå över hela staden")
    report.add_argument("--format", metavar="FORMAT", help=f"ett eller flera: {','.join(FORMATS)}")
    report.set_defaults(run=_report)
    year = commands.add_parser("annual-report", help="årsredovisning som Word och PDF")
    year.add_argument("--year", type=int, required=True, metavar="ÅR", help="till exempel 2017")
    year.set_defaults(run=_annual)
    for one in (report, year):
        one.add_argument("--out", type=Path, required=True, metavar="MAPP")
        one.add_argument("--date", metavar="ÅÅÅÅ-MM-DD", help="per vilken dag (annars i dag)")
        processes.add(one)


def _report(options: argparse.Namespace) -> int:
    if sum((bool(options.area_id), options.all, options.bra)) != 1:
        raise GeoError("Ange ett område (on-norrby), --all eller --bra, ett av dem.")
    formats = formats_of(options.format, TO_READ if options.bra else USUAL)
    if options.bra and set(formats) - set(TO_READ):
        raise GeoError("Underlaget till Brå görs som pdf eller docx. Skriv --format pdf,docx.")
    day = day_of(options.date)
    if options.area_id:
        require_place(options.area_id, read.networks()[0].index, read.base_areas()[0].index)
    at_once = processes.asked(options.processes)
    facts = _facts(at_once)
    if options.bra:
        job = Job(f"lagesbild-bra-{day:%Y-%m-%d}", lambda: bra.story(facts, day))
        return write_all(options.out, [job], formats)
    ids = [str(i) for i in facts.register.networks.index] if options.all else [options.area_id]
    jobs = [_picture(area_id, facts, day) for area_id in ids]
    return write_all(options.out, jobs, formats, at_once)


def _picture(area_id: str, facts: Facts, day: pd.Timestamp) -> Job:
    """Return the lägesbild of a place: one story, and one map, for all its documents."""
    return Job(
        f"lagesbild-{area_id}-{day:%Y-%m-%d}",
        lambda: situation_story.story(situation(area_id, facts, day)),
    )


def _annual(options: argparse.Namespace) -> int:
    if options.year not in YEARS:
        raise GeoError(
            f"--year: ett år från {YEARS[0]} till {YEARS[-1]} väntades, fick {options.year}. "
            "Skriv alla fyra siffrorna."
        )
    day, year = day_of(options.date), options.year
    facts = _facts(processes.asked(options.processes))
    job = Job(f"arsredovisning-{year}", lambda: annual.story(facts, year, day))
    return write_all(options.out, [job], TO_READ)


def formats_of(text: str | None, usual: Iterable[str]) -> tuple[str, ...]:
    """Return the formats that were asked for, each once; the usual ones when none was.

    >>> formats_of("docx, pdf", USUAL), formats_of(None, TO_READ)
    (('docx', 'pdf'), ('pdf', 'docx'))
    """
    asked = [one.strip().lower() for one in (",".join(usual) if text is None else text).split(",")]
    if unknown := [one for one in asked if one not in FORMATS]:
        raise GeoError(
            f"--format: {', '.join(FORMATS)} väntades, fick {unknown[0]!r}. Skilj flera med komma."
        )
    return tuple(dict.fromkeys(asked))


def day_of(text: str | None) -> pd.Timestamp:
    """Return the day that a document tells of: today when none was given.

    >>> day_of("2026-11-28")
    Timestamp('2026-11-28 00:00:00')
    """
    if text is None:
        return pd.Timestamp(date.today())
    try:
        day = datetime.strptime(text, "%Y-%m-%d")
    except ValueError as fault:
        raise GeoError(f"--date: ett datum som 2026-11-28 väntades, fick {text!r}.") from fault
    if day.year not in YEARS:
        raise GeoError(f"--date: ett år från {YEARS[0]} till {YEARS[-1]} väntades, fick {text!r}.")
    return pd.Timestamp(day)


def _facts(at_once: int) -> Facts:
    """Read everything; a store that cannot be read stops it, for half of the facts mislead."""
    facts = gather.facts(quiet=False, each=partial(processes.each, processes=at_once))
    faults = (facts.register.store_fault, facts.work.fault, facts.field.fault)
    if fault := next(filter(None, faults), ""):
        raise GeoError(fault)
    return facts


def write_all(out: Path, jobs: list[Job], formats: tuple[str, ...], at_once: int = 1) -> int:
    """Write every job in every format; returns 0, or 2 when the disk fails, with what is ready.

    Nothing is kept from one job to the next. A document that cannot be written whole is not there.
    at_once: how many processes make the documents; they are written here, in the order of jobs.

    >>> import tempfile
    >>> story = Story("Norrby", "Utkast", "2026-11-28", "", "", "", ())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     code = write_all(Path(folder), [Job("norrby", lambda: story)], ("docx",))
    ...     [path.name for path in Path(folder).iterdir()]  # doctest: +ELLIPSIS
    /...: norrby (docx).
    ['norrby.docx']
    """
    names = [f"{job.name}.{form}" for job in jobs for form in formats]
    ready: list[str] = []
    try:
        out.mkdir(parents=True, exist_ok=True)
        with closing(processes.each(partial(_made, formats), jobs, at_once)) as made:
            no_bar = None if len(jobs) > 1 else True
            for written in tqdm(made, desc="Skriver", total=len(jobs), disable=no_bar):
                for content in written:
                    name = names[len(ready)]
                    write_whole(out / name, content)
                    ready.append(name)
    except OSError as fault:
        print(_fault(fault, out, ready, names[len(ready) :]), file=sys.stderr)
        return 2
    print(f"{out}: {_listed(ready) if len(jobs) == 1 else f'{len(ready)} dokument'}.")
    return 0


def _made(formats: tuple[str, ...], job: Job) -> list[bytes]:
    """Make the documents of a job: one story, and one map, for all of them."""
    story = job.story()
    return [FORMATS[form](story) for form in formats]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside it first, then in its place; no rest is left.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(Path(folder) / "a.pdf", b"%PDF")
    ...     [path.name for path in Path(folder).iterdir()]
    ['a.pdf']
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # some disks tell only now that they are full
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _fault(fault: OSError, out: Path, ready: list[str], waiting: list[str]) -> str:
    """Say in one sentence what went wrong, what is ready and what is not."""
    if fault.errno in FULL:
        why, remedy = "Disken är full", "Frigör utrymme och kör om"
    elif fault.errno in CLOSED:
        why, remedy = f"Mappen {out} får inte skrivas i", "Välj en annan mapp med --out"
    else:
        why = f"Mappen {out} kan inte skrivas i ({fault.strerror})"
        remedy = "Kontrollera mappen och kör om"
    done = f"klara är {_listed(ready)}" if ready else "inget dokument är klart"
    return f"{why}; {done}, och inte skrivna är {_listed(waiting)}. {remedy}."


def _listed(names: list[str]) -> str:
    """List file names, those of one story together: lagesbild-on-norrby (pdf, docx)."""
    endings: dict[str, list[str]] = {}
    for name in names:
        stem, _, form = name.rpartition(".")
        endings.setdefault(stem, []).append(form)
    return listed([f"{stem} ({', '.join(forms)})" for stem, forms in endings.items()])
