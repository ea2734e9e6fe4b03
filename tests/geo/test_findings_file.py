import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from geo import chain, crs, kinds
from geo.errors import GeoError, Issues
from geo.findings_file import check, check_walks

TODAY = pd.Timestamp("2026-03-01")
EAST, NORTH = 377_000, 6_400_000
CATEGORIES = {"Belysning": "belysning", "Sikt och växtlighet": "vegetation", "Annat": "ovrigt"}
OWNERS = ["Tekniska nämnden", "AB Bostäder"]
ROW = {
    "finding_id": "f1",
    "walk_id": "tv-2026-02-01-on-norrby",
    "observed_date": "2026-02-01",
    "light": "mörker",
    "kind": "brist",
    "category": "belysning",
    "description": "Släckt lampa vid bron",
    "status": "",
    "owner": "",
    "x": str(EAST),
    "y": str(NORTH),
}
SECRETS = ["640823-3234", "070-174 06 05", "namn@example.se", "ABC123", "Skolgatan 941"]


def table(*rows, base=None):
    """Return text cells as a file gives them: index = line, from 2."""
    rows = [{**(ROW if base is None else base), **row} for row in rows]
    for number, row in enumerate(rows, start=1):
        if "finding_id" in row and len(rows) > 1 and row["finding_id"] == ROW["finding_id"]:
            row["finding_id"] = f"f{number}"
    frame = pd.DataFrame(rows, dtype=object).fillna("")
    frame.index = pd.RangeIndex(2, len(frame) + 2)
    return frame


def checked(*rows, **registers):
    issues = Issues("findings")
    frame = check(table(*rows), issues, today=TODAY, **registers)
    return frame, issues.frame()


def told(issues, severity="error"):
    rows = issues[issues["severity"] == severity]
    return list(zip(rows["row"], rows["column"], strict=True))


def assert_told(row, column, sentence, *, severity="error", **registers):
    """Check that a row has one fault, told with column and remedy, and is kept or left out."""
    frame, issues = checked(row, **registers)
    assert told(issues, severity) == [(2, column)]
    assert told(issues, "error" if severity == "warning" else "warning") == []
    message = issues["message"].iloc[0]
    assert re.search(sentence, message)
    assert message.endswith(".")
    assert len(frame) == (severity == "warning")
    return issues.iloc[0]


@pytest.fixture
def town():
    """Two squares of a kilometre side by side, the western one's corner at EAST, NORTH."""
    squares = [box(EAST, NORTH, EAST + 1_000, NORTH + 1_000)]
    squares.append(box(EAST + 1_000, NORTH, EAST + 2_000, NORTH + 1_000))
    index = pd.Index(["A", "B"], name="base_area_id")
    return gpd.GeoDataFrame(geometry=squares, index=index, crs=crs.METRIC)


def test_a_good_row_is_kept_and_typed(town):
    frame, issues = checked({}, categories=CATEGORIES, owners=OWNERS, base_areas=town)
    assert issues.empty
    assert list(frame.columns) == [column.name for column in kinds.FINDINGS.columns]
    row = frame.loc[2]
    assert (row["status"], row["kind"], row["category"]) == ("noted", "brist", "belysning")
    assert row["observed_date"] == pd.Timestamp("2026-02-01")
    assert (row["x"], row["y"]) == (EAST, NORTH)
    assert frame["due_date"].isna().all()


@pytest.mark.parametrize("written", [*chain.MEANS, "Åtgärdad", " NOTERAD "])
def test_every_word_for_a_status_is_understood(written):
    status = chain.MEANS[written.strip().casefold()]
    day = {"answered_date": "2026-02-02", "owner": "AB Bostäder", "answer": "Det går inte."}
    row = day if status != "noted" else {}
    if status in ("done", "verified"):
        row |= {"done_date": "2026-02-03"}
    if status == "verified":
        row |= {"verified_date": "2026-02-04"}
    frame, issues = checked(row | {"status": written})
    assert issues.empty
    assert frame.at[2, "status"] == status


def test_without_a_column_for_status_all_is_noted():
    issues = Issues("findings")
    frame = check(table({}).drop(columns=["status"]), issues, today=TODAY)
    assert frame["status"].tolist() == ["noted"]


def test_an_unknown_status_is_told_with_those_that_are_known():
    issue = assert_told({"status": "på gång"}, "status", "Okänd status. Skriv något av: noterad, ")
    assert issue["value"] == "på gång"
    for name in chain.NAMES.values():
        assert name in issue["message"]


@pytest.mark.parametrize(
    ("kind", "category", "expected"),
    [
        ("Brist", "BELYSNING", ("brist", "belysning")),
        ("fel", "Sikt och växtlighet", ("brist", "vegetation")),
        ("Bra, bevara", "annat", ("bra", "ovrigt")),
        ("positivt", "belysning", ("bra", "belysning")),
        ("brist", "Positivt", ("bra", "ovrigt")),
        ("", "positivt", ("bra", "ovrigt")),
    ],
)
def test_kinds_and_categories_are_understood_by_name_and_code(kind, category, expected):
    frame, issues = checked({"kind": kind, "category": category}, categories=CATEGORIES)
    assert issues.empty
    assert tuple(frame.loc[2, ["kind", "category"]]) == expected


def test_an_unknown_category_is_told_with_those_that_are_known():
    sentence = "Okänd kategori. Skriv något av: belysning, vegetation, ovrigt"
    assert_told({"category": "rymden"}, "category", sentence, categories=CATEGORIES)
    assert_told({"category": "rymden"}, "category", sentence, categories=CATEGORIES.values())
    assert checked({"category": "Rymden"})[0].at[2, "category"] == "rymden"


def test_an_unknown_kind_is_told():
    assert_told({"kind": "kanske"}, "kind", "ett av brist, bra väntades")


CHAINS = {
    "status skips the owner": ({"status": "besvarad"}, "owner", "Status hoppar över ansvarig"),
    "done without a date": (
        {"status": "klar", "owner": "AB Bostäder"},
        *("done_date", "Datum då det blev åtgärdat saknas"),
    ),
    "done before it was noted": (
        {"status": "klar", "owner": "AB Bostäder", "done_date": "2026-01-31"},
        *("done_date", r"Åtgärdat \(2026-01-31\) före noterat \(2026-02-01\)"),
    ),
    "declined without a reason": (
        {"status": "nej", "owner": "AB Bostäder"},
        *("answer", "Ett nej ska ha ett skäl"),
    ),
    "what is good is not followed up": (
        {"kind": "bra", "status": "klar", "owner": "AB Bostäder", "done_date": "2026-02-02"},
        *("status", "Det som är bra följs inte upp"),
    ),
    "in the future": ({"observed_date": "2026-03-02"}, "observed_date", "ligger i framtiden"),
    "before 1990": ({"observed_date": "1989-12-31"}, "observed_date", "minst 1990 väntades"),
    "no day": ({"observed_date": "2026-02-30"}, "observed_date", "finns inte i kalendern"),
}


@pytest.mark.parametrize("fault", CHAINS)
def test_dates_and_statuses_that_do_not_hold_are_told(fault):
    assert_told(*CHAINS[fault])


def test_the_value_of_a_date_is_told_as_a_date():
    row = {"status": "klar", "owner": "AB Bostäder", "done_date": "2026-01-31"}
    assert checked(row)[1].iloc[0]["value"] == "2026-01-31"


def test_a_date_that_something_shall_be_done_may_be_in_the_future():
    frame, issues = checked({"due_date": "2027-01-01"})
    assert issues.empty
    assert len(frame) == 1


PLACES = {
    "no place at all": ({"x": "", "y": ""}, "x", "Läge saknas: varken koordinater eller plats"),
    "only x": ({"y": ""}, "y", "y saknas fast den andra"),
    "only y": ({"x": "", "place": "Norrby"}, "x", "x saknas fast den andra"),
    "swapped": ({"x": str(NORTH), "y": str(EAST)}, "x", r"bytt plats \(norr och öster\)"),
    "swapped degrees": ({"x": "57,72", "y": "12,94"}, "x", r"bytt plats \(latitud och longitud\)"),
    "degrees": ({"x": "12.94", "y": "57.72"}, "x", "koordinaterna är i grader"),
    "a local zone": ({"x": "117000", "y": "6400000"}, "x", "lokal SWEREF 99-zon"),
    "abroad": ({"x": "0", "y": "0"}, "x", "utanför Sverige"),
    "no number": ({"x": "tolv"}, "x", "ett tal väntades"),
    "a huge number": ({"x": "1e300"}, "x", "utanför Sverige"),
}


@pytest.mark.parametrize("fault", PLACES)
def test_a_place_that_cannot_be_is_told_with_the_remedy(fault, town):
    assert_told(*PLACES[fault], base_areas=town)


@pytest.mark.parametrize("named", [{"place": "Norrby"}, {"base_area_id": "A"}])
def test_a_finding_without_coordinates_may_have_a_named_place(named, town):
    frame, issues = checked({"x": "", "y": ""} | named, base_areas=town)
    assert issues.empty
    assert frame["x"].isna().all()


def test_an_unknown_base_area_is_told(town):
    row = {"x": "", "y": "", "base_area_id": "C"}
    assert_told(row, "base_area_id", "Basområdet finns inte i registret", base_areas=town)


def test_a_point_outside_every_base_area_is_kept_and_told(town):
    row = {"x": str(EAST - 1)}
    sentence = "utanför alla basområden och räknas inte till något. Kontrollera läget"
    issue = assert_told(row, "x", sentence, severity="warning", base_areas=town)
    assert issue["value"] == "376999, 6400000"
    frame, _ = checked(row, base_areas=town)
    assert frame.at[2, "base_area_id"] == ""


def test_a_point_on_a_border_is_inside(town):
    rows = [{"x": str(EAST + step), "walk_id": f"w{step}"} for step in (0, 500, 1_000, 2_000)]
    assert checked(*rows, base_areas=town)[1].empty


def test_base_areas_in_another_system_are_a_wrong_call(town):
    with pytest.raises(GeoError, match="EPSG:3006"):
        checked({}, base_areas=town.to_crs(crs.WGS84))


def test_an_owner_that_is_not_in_the_register_is_told_but_not_repeated():
    issue = assert_told(
        {"owner": "Nn Nnsson"}, "owner", "aldrig en person", severity="warning", owners=OWNERS
    )
    assert "Nn" not in "".join(map(str, issue))
    frame, issues = checked({"owner": "ab bostäder"}, owners=OWNERS)
    assert issues.empty
    assert frame.at[2, "owner"] == "AB Bostäder"


FREE = ["description", "answer", "place", "owner", "source", "finding_id", "walk_id", "category"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "column", [*FREE, "kind", "status", "observed_date", "x", "light", "due_date"]
)
def test_personal_data_in_any_column_is_told_and_never_repeated(column, secret):
    _, issues = checked({column: f"Se {secret} där"}, categories=CATEGORIES, owners=OWNERS)
    assert (2, column) in told(issues)
    text = " ".join(issues.to_numpy().astype(str).ravel())
    digits = {
        "640823-3234": "3234",
        "070-174 06 05": "174",
        "ABC123": "BC1",
        "Skolgatan 941": "941",
    }
    assert digits.get(secret, "namn@") not in text
    assert "får inte sparas" in text


@pytest.mark.parametrize("column", ["description", "answer", "place", "owner", "source"])
def test_a_text_with_personal_data_is_one_fault_and_not_two(column):
    row = {"status": "nej", "owner": "AB Bostäder", "answer": "Nej.", column: "Ring 070-174 06 05"}
    frame, issues = checked(row, owners=OWNERS)
    assert told(issues) == [(2, column)]
    assert issues.iloc[0]["kind"] == "telefon"
    assert frame.empty


def test_all_faults_of_a_row_are_told_at_once():
    row = {"description": "ABC123", "observed_date": "2026-03-02", "x": "57.72", "y": "12.94"}
    assert told(checked(row)[1]) == [(2, "description"), (2, "observed_date"), (2, "x")]


def test_ids_that_a_tool_made_are_no_personal_data():
    rows = [
        {"finding_id": f"uuid:{'0701740605'[:8]}-1740-4605-8112-070174060{n}12"} for n in range(9)
    ]
    frame, issues = checked(*rows, {"finding_id": "rad-0701740605640823"})
    assert told(issues) == []
    assert len(frame) == 10


def test_five_megabytes_of_text_are_refused_and_not_repeated():
    issue = assert_told({"description": "mörkt " * 900_000}, "description", "Korta den")
    assert issue["kind"] == "too_long"
    assert len(issue["value"]) < 20


def test_what_cannot_be_seen_is_removed_and_emoji_stay():
    row = {
        "description": "M\u0308örkt\u202e \x00vid\u200b 👩‍👧 \r\nbron  ",
        "place": "\u2066Norrby\u2069",
    }
    frame, issues = checked(row)
    assert issues.empty
    assert frame.at[2, "description"] == "M\u0308örkt vid 👩‍👧\nbron"
    assert frame.at[2, "place"] == "Norrby"


HOSTILE = [
    "<script>alert(1)</script>",
    "'; DROP TABLE findings; --",
    '" OR 1=1 --',
    "=HYPERLINK(1)",
    "../../etc/passwd",
    "\ud800",
    "\x00",
    "9" * 5_000,
    "(" * 5_000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_in_every_field_is_only_text(text, town):
    registers = {"categories": CATEGORIES, "owners": OWNERS, "base_areas": town}
    for column in (c.name for c in kinds.FINDINGS.columns):
        frame, issues = checked({column: text}, {}, **registers)
        assert 3 in frame.index
        assert issues["message"].str.endswith(".").all()
    everywhere = {column.name: text for column in kinds.FINDINGS.columns}
    assert checked(everywhere, {}, **registers)[0].index.tolist() == [3]
    frame, _ = checked({"description": "<script>alert(1)</script>'; DROP TABLE x; --"})
    assert frame.at[2, "description"] == "<script>alert(1)</script>'; DROP TABLE x; --"


def test_the_same_finding_twice_is_told_with_the_first_row():
    rows = [
        {},
        {"x": str(EAST + 3), "y": str(NORTH + 4)},
        {"x": str(EAST + 4), "y": str(NORTH + 4)},
    ]
    frame, issues = checked(*rows, {"description": "En annan lampa"}, {"walk_id": "w2"})
    assert told(issues, "warning") == [(3, "description")]
    assert issues.iloc[0]["message"].startswith("Liknar rad 2: ")
    assert len(frame) == 5


def test_the_same_place_without_coordinates_is_the_same_place():
    nowhere = {"x": "", "y": "", "place": "Norrby"}
    frame, issues = checked(nowhere, nowhere, nowhere | {"place": "Göta"}, {})
    assert told(issues, "warning") == [(3, "description")]
    assert len(frame) == 4


def test_a_row_that_is_left_out_resembles_nobody():
    _, issues = checked({"status": "klar"}, {})
    assert told(issues, "warning") == []


def test_the_same_id_twice_is_an_error():
    rows = table({}, {"description": "Annat"}).assign(finding_id="f1")
    issues = Issues("findings")
    frame = check(rows, issues, today=TODAY)
    assert frame.index.tolist() == [2]
    assert issues.rows[0]["message"].startswith("finding_id finns redan på rad 2")


def test_a_missing_column_and_an_empty_file_are_told_and_do_not_fail(town):
    registers = {"categories": CATEGORIES, "owners": OWNERS, "base_areas": town}
    issues = Issues("findings")
    assert check(table({}).drop(columns=["category"]), issues, today=TODAY, **registers).empty
    assert "Kolumnen category saknas" in issues.rows[0]["message"]
    issues = Issues("findings")
    assert check(table({}).iloc[:0], issues, today=TODAY, **registers).empty
    assert issues.rows == []
    assert check(pd.DataFrame(), Issues("findings"), today=TODAY).empty


def test_registers_without_rows_know_nobody_and_do_not_fail(town):
    frame, issues = checked({"owner": "AB Bostäder"}, owners=[], base_areas=town.iloc[:0])
    assert told(issues, "warning") == [(2, "owner"), (2, "x")]
    assert len(frame) == 1
    for nothing in ([], {}):
        assert told(checked({}, categories=nothing)[1]) == [(2, "category")]
    assert checked({"status": "?", "kind": "?"}, {"status": "?", "kind": "?"})[0].empty


def test_the_table_that_was_given_is_not_changed():
    rows = table({"description": "a\x00b", "status": "Noterad"})
    before = rows.copy(deep=True)
    check(rows, Issues("findings"), today=TODAY, categories=CATEGORIES)
    pd.testing.assert_frame_equal(rows, before)


DAYS = st.sampled_from(["", "2026-01-01", "2026-02-01", "2026-02-02", "2026-03-01", "2026-03-02"])
RANDOM = st.fixed_dictionaries(
    {
        "status": st.sampled_from(sorted(chain.MEANS)),
        "kind": st.sampled_from(["brist", "bra"]),
        "owner": st.sampled_from(["", "AB Bostäder"]),
        "answer": st.sampled_from(["", "Nej."]),
        "observed_date": DAYS.filter(bool),
        "answered_date": DAYS,
        "done_date": DAYS,
        "verified_date": DAYS,
    }
)


@given(st.lists(RANDOM, min_size=1, max_size=12))
def test_rows_looked_at_together_are_told_as_each_alone(rows):
    _, issues = checked(*rows)
    expected = []
    for line, row in enumerate(rows, start=2):
        days = {name: pd.Timestamp(row[name]) if row[name] else pd.NaT for name in chain.DATES}
        facts = row | days | {"status": chain.MEANS[row["status"]]}
        expected += [(line, *fault) for fault in chain.faults(facts, TODAY)]
    errors = issues[issues["kind"] == "chain"]
    assert sorted(zip(errors["row"], errors["column"], errors["message"], strict=True)) == sorted(
        expected
    )


def naive_similar(points):
    first, like = [], {}
    for line, (x, y) in enumerate(points, start=2):
        near = [n for n, a, b in first if np.hypot(x - a, y - b) <= 5]
        if near:
            like[line] = min(near)
        else:
            first.append((line, x, y))
    return like


@given(st.lists(st.tuples(st.integers(-12, 12), st.integers(-12, 12)), min_size=1, max_size=15))
def test_what_is_near_is_found_as_by_comparing_all_with_all(steps):
    points = [(EAST + a, NORTH + b) for a, b in steps]
    _, issues = checked(*[{"x": str(x), "y": str(y)} for x, y in points])
    found = {
        int(row): int(re.search(r"rad (\d+)", message)[1])
        for row, message in zip(issues["row"], issues["message"], strict=True)
    }
    assert found == naive_similar(points)


@given(st.text(), st.sampled_from([column.name for column in kinds.FINDINGS.columns]))
def test_no_text_in_any_column_makes_the_check_fail(text, column):
    frame, issues = checked({column: text}, categories=CATEGORIES, owners=OWNERS)
    assert len(frame) == (told(issues) == [])


def test_many_rows_are_many_rows(town):
    n = 5_000
    rows = pd.concat([table({})] * n, ignore_index=True)
    rows.index = pd.RangeIndex(2, n + 2)
    rows["finding_id"] = [f"f{i}" for i in range(n)]
    rows["x"] = [str(EAST + (i % 100) * 10) for i in range(n)]
    issues = Issues("findings")
    registers = {"categories": CATEGORIES, "owners": OWNERS, "base_areas": town}
    assert len(check(rows, issues, today=TODAY, **registers)) == n
    assert len(issues.rows) == n - 100


WALK = {
    "walk_id": "tv-2026-02-01-on-norrby",
    "date": "2026-02-01",
    "network_id": "on-norrby",
    "place": "Norrby",
    "start_time": "18:30",
    "end_time": "20.00",
    "light": "mörker",
    "step": "2",
    "n_participants": "14",
    "organisers": "Borås Stad; Polisen",
    "note": "",
    "route": f"LINESTRING ({EAST} {NORTH}, {EAST + 100} {NORTH})",
}


def checked_walk(**row):
    issues = Issues("walks")
    known = pd.DataFrame(index=["on-norrby"])
    return check_walks(table(row, base=WALK), issues, networks=known), issues.frame()


def test_a_good_walk_is_kept_and_typed():
    frame, issues = checked_walk()
    assert issues.empty
    assert list(frame.columns) == [column.name for column in kinds.WALKS.columns]
    row = frame.loc[2]
    assert (row["start_time"], row["end_time"], row["n_participants"]) == ("18:30", "20:00", 14)
    assert row["organisers"] == ("Borås Stad", "Polisen")
    assert row["route"] == WALK["route"]


WALK_FAULTS = {
    "end": ({"end_time": "18:29"}, "end_time", r"Slutet \(18:29\) ligger före början \(18:30\)"),
    "clock": ({"start_time": "25:00"}, "start_time", "ett klockslag väntades"),
    "network": ({"network_id": "on-hulta"}, "network_id", "Nätverket finns inte i registret"),
    "step": ({"step": "5"}, "step", "högst 4 väntades"),
    "old": ({"date": "1989-01-01"}, "date", "minst 1990 väntades"),
    "note": ({"note": "Ring 070-174 06 05"}, "note", "telefonnummer"),
    "place": ({"place": "Skolgatan 4"}, "place", "adress vid Skolgatan"),
    "organisers": ({"organisers": "namn@example.se"}, "organisers", "e-postadress"),
    "long": ({"note": "a" * 2_001}, "note", "Korta den"),
    "no line": ({"route": "hit och dit"}, "route", "Vägen är ingen linje. Läs in en GPX-fil"),
    "a point": ({"route": f"POINT ({EAST} {NORTH})"}, "route", "Vägen är ingen linje"),
    "one point": ({"route": f"LINESTRING ({EAST} {NORTH})"}, "route", "Vägen är ingen linje"),
    "half": ({"route": f"LINESTRING ({EAST} {NORTH}, {EAST})"}, "route", "Vägen är ingen linje"),
    "degrees": ({"route": "LINESTRING (12.9 57.7, 12.9 57.8)"}, "route", "i grader"),
    "swapped": (
        {"route": f"LINESTRING ({NORTH} {EAST}, {NORTH} {EAST + 9})"},
        "route",
        "bytt plats",
    ),
    "nested": (
        {"route": "GEOMETRYCOLLECTION (" * 100_000 + "POINT (1 1)" + ")" * 100_000},
        *("route", "Vägen är ingen linje"),
    ),
    "huge": ({"route": "LINESTRING (" + "1 1, " * 250_000 + "1 1)"}, "route", "ingen linje"),
}


@pytest.mark.parametrize("fault", WALK_FAULTS)
def test_a_walk_that_does_not_hold_is_told(fault):
    row, column, sentence = WALK_FAULTS[fault]
    frame, issues = checked_walk(**row)
    assert told(issues) == [(2, column)]
    assert re.search(sentence, issues.iloc[0]["message"])
    assert issues.iloc[0]["message"].endswith(".")
    assert len(str(issues.iloc[0]["value"])) < 30
    assert frame.empty


@pytest.mark.parametrize(
    "row",
    [
        {"route": ""},
        {"route": f"MULTILINESTRING (({EAST} {NORTH}, {EAST} 6400100.5))"},
        {"route": f"LINESTRING Z ({EAST} {NORTH} 150, {EAST} 6400100 151)"},
        {"start_time": "", "end_time": "18:00"},
        {"end_time": "18:30"},
        {"network_id": ""},
        {"n_participants": ""},
        {"n_participants": "20"},
    ],
)
def test_what_is_allowed_in_a_walk_is_not_told(row):
    frame, issues = checked_walk(**row)
    assert issues.empty
    assert len(frame) == 1


def test_many_participants_are_told_and_the_walk_is_kept():
    frame, issues = checked_walk(n_participants="21")
    assert told(issues, "warning") == [(2, "n_participants")]
    assert issues.iloc[0]["message"].endswith("Dela gruppen nästa gång.")
    assert len(frame) == 1


def test_walks_without_rows_or_registers_do_not_fail():
    assert check_walks(table({}, base=WALK).iloc[:0], Issues("walks")).empty
    assert check_walks(pd.DataFrame(), Issues("walks")).empty
    assert len(check_walks(table({}, base=WALK), Issues("walks"))) == 1


@given(st.text(), st.sampled_from([column.name for column in kinds.WALKS.columns]))
def test_no_text_in_a_walk_makes_the_check_fail(text, column):
    frame, issues = checked_walk(**{column: text})
    assert len(frame) == (told(issues) == [])
