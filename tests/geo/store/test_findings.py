"""Findings: read back as they were saved, followed along their way, nothing skipped or lost."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from geo import chain, kinds, store
from geo.errors import GeoError
from tests.geo.store.making import (
    DAY,
    change,
    everything,
    finding,
    findings,
    is_postgres,
    one,
    plain,
    save,
    sql,
    today,
)

NASTY = (
    "🦉 mörkt vid tunneln 👩‍👩‍👧",
    "\u202eomvänt\u202c \u200f\u2067",
    "<script>alert('hej')</script>",
    "'); DROP TABLE findings; --",
    'citat "tecken" och \\bakstreck\\',
    "rad ett\nrad två\r\ntabb\t.",
    "=HYPERLINK(1)",
    "%s %(namn)s {0} :namn ?",
    "NULL",
    "–",
    " \u00a0blanka\u2009 ",
    "å" * 10_000,
)
texts = st.one_of(st.sampled_from(NASTY), st.text().filter(lambda text: "\x00" not in text))
days = st.one_of(st.just(pd.NaT), st.dates(date(1990, 1, 1), DAY.date()).map(pd.Timestamp))
metres = st.floats(100_000, 8_000_000)
places = st.one_of(st.just((np.nan, np.nan)), st.tuples(metres, metres))


@st.composite
def made(draw):
    """Return one finding with whatever people may write in it."""
    x, y = draw(places)
    status = draw(st.sampled_from(chain.STATUSES))
    owner = draw(texts) if status == chain.NOTED else "Gata"
    free = ("category", "description", "answer", "place", "base_area_id", "source")
    return finding(
        status=status,
        owner=owner,
        kind=draw(st.sampled_from(("brist", "bra"))),
        light=draw(st.sampled_from((*kinds.LIGHTS, ""))),
        x=x,
        y=y,
        **{name: draw(texts) for name in free},
        **{name: draw(days) for name in ("due_date", "done_date", "answered_date")},
    )


@pytest.fixture(scope="module")
def _numbers():
    return iter(range(10_000))


@settings(max_examples=25)
@given(rows=st.lists(made(), min_size=1, max_size=4))
@example(rows=[finding(description=text, owner=text, source=text) for text in NASTY])
def test_what_is_saved_is_read_back_identical(kept, _numbers, rows):
    run = next(_numbers)
    ids = [f"{run}-{number}" for number in range(len(rows))]
    table = findings(*(row | {"finding_id": ids[n]} for n, row in enumerate(rows)))
    kept.save_findings(table, "Åsa")
    found = kept.findings().loc[ids]
    assert plain(found, rows[0]) == plain(table, rows[0])
    assert found.geometry.isna().tolist() == table["x"].isna().tolist()
    placed = found[found["x"].notna()]
    assert [placed.geometry.x.tolist(), placed.geometry.y.tolist()] == [
        placed["x"].tolist(),
        placed["y"].tolist(),
    ]
    assert found["version"].tolist() == [1] * len(ids)


def test_before_anything_is_kept_there_are_no_findings_and_no_file(kept, tmp_path):
    found = kept.findings()
    assert (len(found), found.index.name, found.crs.to_epsg()) == (0, "finding_id", 3006)
    assert {"description", "version", "geometry"} <= set(found.columns)
    assert (len(kept.steps()), len(kept.audit()), kept.version("field")) == (0, 0, "0")
    assert list(tmp_path.iterdir()) == []


def test_a_text_that_is_missing_is_empty_and_what_was_not_given_is_not_known(kept):
    bare = pd.DataFrame(
        {
            "finding_id": ["f1"],
            "walk_id": [None],
            "observed_date": [DAY],
            "kind": ["brist"],
            "category": ["Annat"],
            "description": [None],
            "status": ["noted"],
            "x": [np.nan],
            "y": [None],
        }
    )
    kept.save_findings(bare, "Åsa")
    found = one(kept)
    assert found[["walk_id", "description", "owner", "place"]].tolist() == [""] * 4
    assert found[["x", "y", "due_date", "done_date", "geometry"]].isna().all()
    change(kept, 1, description="text")
    change(kept, 2, description=None, walk_id="", due_date=None)
    assert one(kept)[["walk_id", "description", "version"]].tolist() == ["", "", 3]


@pytest.mark.parametrize("removed", [False, True])
def test_an_id_that_is_taken_is_told_and_nothing_is_written(noted, removed):
    if removed:
        noted.remove_finding("f1", 1, "Åsa")
    before = everything(noted)
    with pytest.raises(GeoError, match=r"Fyndet 'f1' finns redan\. Öppna den i listan"):
        save(noted, finding("f0"), finding("f1"))
    assert everything(noted) == before


def test_a_finding_of_an_unknown_walk_is_refused_when_new_and_when_changed(noted):
    before = everything(noted)
    with pytest.raises(GeoError, match=r"Vandringen w8, w9 finns inte\. Registrera den först"):
        save(noted, finding("f2", walk_id="w9"), finding("f3", walk_id="w8"), finding("f4"))
    with pytest.raises(GeoError, match=r"Vandringen w9 finns inte\. Registrera den först"):
        change(noted, 1, walk_id="w9")
    assert everything(noted) == before


def test_a_change_is_of_one_finding_and_is_in_the_audit_with_before_and_after(noted):
    save(noted, finding("f2"))
    change(noted, 1, made_by="Bo", description="Trasig", due_date=DAY, x=377_001.0)
    found = one(noted)
    assert found[["description", "due_date", "x", "version"]].tolist() == [
        "Trasig",
        DAY,
        377_001.0,
        2,
    ]
    assert found.geometry.x == 377_001.0
    assert one(noted, "f2")["description"] == "Lampan vid f2"
    said = noted.audit("f1")
    assert said["action"].tolist() == ["new", "change"]
    assert said["made_by"].tolist() == ["Åsa", "Bo"]
    before, after = (json.loads(said[name].iloc[1]) for name in ("before", "after"))
    assert before == {
        "description": "Lampan vid f1",
        "due_date": "–",
        "x": 377_000.5,
        "version": 1,
    }
    assert after == {"description": "Trasig", "due_date": "2026-03-02", "x": 377_001.0} | {
        "version": 2
    }
    assert json.loads(said["after"].iloc[0])["walk_id"] == "w1"
    assert pd.isna(said["before"].iloc[0])


def test_a_change_that_changes_nothing_is_not_written(noted):
    before = everything(noted, "versions")
    change(noted, 1, description="Lampan vid f1", place=None, due_date=pd.NaT)
    assert everything(noted, "versions") == before


def test_of_two_who_change_the_same_finding_the_second_is_told_and_both_texts_are_kept(noted):
    read_by_cia = one(noted)["version"]
    change(noted, 1, made_by="Bo", description="Bos text")
    before = everything(noted)
    with pytest.raises(store.ConflictError, match=r"^Någon annan \(Bo\) har ändrat fyndet sedan"):
        change(noted, read_by_cia, made_by="Cia", description="Cias text", owner="Gata")
    with pytest.raises(store.ConflictError) as told:
        change(noted, read_by_cia, made_by="Cia", description="Cias text", owner="Gata")
    assert told.value.theirs["description"] == "Bos text"
    assert told.value.theirs["version"] == 2
    assert everything(noted) == before
    change(noted, told.value.theirs["version"], made_by="Cia", description="Cias text")
    assert one(noted)["description"] == "Cias text"
    said = noted.audit("f1")
    assert [json.loads(text)["description"] for text in said["after"]] == [
        "Lampan vid f1",
        "Bos text",
        "Cias text",
    ]
    assert said["made_by"].tolist() == ["Åsa", "Bo", "Cia"]


@pytest.mark.parametrize(
    "act",
    [
        lambda kept: change(kept, 1, status="owned", owner=""),
        lambda kept: kept.remove_finding("f1", 1, "Cia"),
        lambda kept: kept.bring_back_finding("f1", 1, "Cia"),
        lambda kept: change(kept, 3, description="ett som ingen har läst"),
    ],
)
def test_a_conflict_is_told_before_anything_else(noted, act):
    change(noted, 1, made_by="Bo", description="Bos text")
    before = everything(noted)
    with pytest.raises(store.ConflictError, match=r"Någon annan \(Bo\)"):
        act(noted)
    assert everything(noted) == before


@pytest.mark.parametrize(
    "act",
    [
        lambda kept: change(kept, 1, finding_id="f9", description="x"),
        lambda kept: kept.remove_finding("f9", 1, "Bo"),
        lambda kept: kept.bring_back_finding("f9", 1, "Bo"),
    ],
)
def test_a_finding_that_is_not_there_is_told(noted, act):
    with pytest.raises(GeoError, match=r"Fyndet 'f9' finns inte\. Ladda om sidan"):
        act(noted)


def test_removing_marks_and_can_be_undone(noted):
    noted.remove_finding("f1", 1, "Bo", "dubblett")
    assert (len(noted.findings()), noted.findings(removed=True).index.tolist()) == (0, ["f1"])
    gone = noted.findings(removed=True).loc["f1"]
    assert (gone["version"], gone["removed_at"].tzinfo is not None) == (2, True)
    noted.bring_back_finding("f1", 2, "Cia")
    assert (len(noted.findings(removed=True)), one(noted)["version"]) == (0, 3)
    said = noted.audit("f1")
    assert said["action"].tolist() == ["new", "remove", "bring_back"]
    assert said["reason"].tolist() == ["", "dubblett", ""]
    assert len(noted.steps("f1")) == 1


def test_a_finding_goes_its_whole_way_and_back_when_a_rewalk_says_not_mended(noted):
    answered, done, seen = (DAY + pd.Timedelta(days=n) for n in (1, 2, 3))
    way = [
        {"status": "owned", "owner": "Gata"},
        {"status": "answered", "answer": "Lagas i mars", "answered_date": answered},
        {"status": "done", "done_date": done},
        {"status": "verified", "verified_date": seen},
        {"status": "owned", "done_date": None, "verified_date": None},
    ]
    for version, cells in enumerate(way, start=1):
        noted.change_finding("f1", cells, version, "Bo", reason="omvandring" * (version == 5))
    found = noted.steps("f1")
    assert found["status"].tolist() == ["noted", "owned", "answered", "done", "verified", "owned"]
    assert found["day"].tolist() == [DAY, today(), answered, done, seen, today()]
    assert found["made_by"].tolist() == ["Åsa", *["Bo"] * 5]
    assert found["note"].tolist()[-1] == "omvandring"
    assert found["made_at"].is_monotonic_increasing
    assert one(noted)[["status", "version"]].tolist() == ["owned", 6]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"status": "owned"}, r"^Status hoppar över ansvarig\. Ange vem som äger frågan först\.$"),
        ({"status": "answered", "owner": "Gata"}, r"^Från noterad går det inte direkt till besva"),
        ({"status": "done", "owner": "Gata", "done_date": DAY}, "inte direkt till åtgärdad. Näst"),
        ({"status": "klart"}, r"inte direkt till klart\. Nästa steg kan vara: ansvarig utsedd\.$"),
        ({"kind": "bra", "status": "owned", "owner": "Gata"}, "Det som är bra följs inte upp"),
        ({"done_date": DAY}, "Datum för åtgärdat finns men status är en annan"),
        ({"observed_date": today() + pd.Timedelta(days=1)}, "ligger i framtiden"),
        ({"description": "a\x00b", "place": "\x00"}, r"^description, place: NUL-tecken kan inte"),
    ],
)
def test_a_change_that_may_not_be_is_refused_and_nothing_is_written(noted, cells, sentence):
    before = everything(noted)
    with pytest.raises(GeoError, match=sentence):
        change(noted, 1, **cells)
    assert everything(noted) == before


def test_a_no_needs_its_reason_and_can_be_taken_up_again(noted):
    change(noted, 1, status="owned", owner="Gata")
    before = everything(noted)
    with pytest.raises(GeoError, match=r"^Ett nej ska ha ett skäl\. Skriv varför i svaret\.$"):
        change(noted, 2, status="declined")
    with pytest.raises(GeoError, match="Datum då det blev åtgärdat saknas"):
        change(noted, 2, status="done")
    assert everything(noted) == before
    change(noted, 2, status="declined", answer="Ingen gata", answered_date=DAY)
    change(noted, 3, status="owned")
    found = noted.steps("f1")
    assert found["status"].tolist() == ["noted", "owned", "declined", "owned"]
    assert found[["note", "day"]].iloc[2].tolist() == ["Ingen gata", DAY]


def test_nul_in_a_new_finding_is_told_and_nothing_is_written(noted):
    before = everything(noted)
    with pytest.raises(GeoError, match=r"^description: NUL-tecken kan inte sparas\. Ta bort dem"):
        save(noted, finding("f2"), finding("f3", description="a\x00"))
    assert everything(noted) == before


def test_none_of_many_is_kept_when_one_breaks_a_rule_of_the_database(noted):
    before = everything(noted)
    with pytest.raises(Exception, match=r"(?i)check constraint.*both_coordinates"):
        save(noted, finding("f2"), finding("f3", x=np.nan), finding("f4"))
    assert everything(noted) == before


def test_the_audit_can_be_asked_since_a_time_in_any_zone(noted):
    first = noted.audit()["made_at"].max()
    change(noted, 1, description="senare")
    later = noted.audit()["made_at"].max()
    assert later > first
    assert str(later.tz) == "UTC"
    for since in (later, later.tz_convert("Europe/Stockholm"), later.tz_localize(None)):
        assert noted.audit(since=since)["action"].tolist() == ["change"]
        assert noted.audit("w1", since=since).empty
        assert len(noted.audit(since=since - pd.Timedelta(days=1))) == 3
    assert noted.audit(since=later + pd.Timedelta(microseconds=1)).empty


def test_postgis_has_the_point_and_it_follows_a_change(noted):
    if not is_postgres(noted):
        assert (one(noted).geometry.x, one(noted).geometry.y) == (377_000.5, 6_400_000.25)
        return
    asked = "SELECT ST_AsText(geom), ST_SRID(geom) FROM findings"
    assert sql(noted, asked) == [("POINT(377000.5 6400000.25)", 3006)]
    change(noted, 1, x=378_000.0)
    assert sql(noted, asked) == [("POINT(378000 6400000.25)", 3006)]
    change(noted, 2, x=None, y=None)
    assert sql(noted, asked) == [(None, None)]
    assert one(noted).geometry is None


def test_a_new_finding_that_skips_the_owner_is_told_and_none_is_kept(kept):
    with pytest.raises(GeoError, match=r"Fyndet 'f2': status hoppar över ansvarig"):
        save(kept, finding(), finding("f2", status="answered"))
    assert kept.findings().empty
