import re
from io import BytesIO
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from pyxform.xls2xform import convert

from geo import freetext, kinds, read
from geo.field import xlsform

XF, JR = "{http://www.w3.org/2002/xforms}", "{http://openrosa.org/javarosa}"
HOSTILE = [
    "<b>fet</b> & \"citat\" 'enkla'",
    "=HYPERLINK('http://x')",
    "${record}",
    "a ${b",
    "\x00noll\x07",
    "]]>",
    "<!-- nej",
    "ÅÄÖ åäö 👩‍👧",
]


@pytest.fixture(scope="module")
def registers():
    return {
        "networks": read.networks()[0],
        "places": read.register("places", "place"),
        "categories": read.register("finding_categories", "category"),
        "owners": read.register("finding_owners", "owner"),
    }


def converted(form):
    result = convert(BytesIO(form), validate=False, file_type=".xlsx")
    assert result.warnings == []
    return ElementTree.fromstring(result.xform)


@pytest.fixture(scope="module")
def form(registers):
    return converted(xlsform.workbook(**registers))


def binds(form):
    found = [bind for bind in form.iter(f"{XF}bind") if "/meta/" not in bind.get("nodeset")]
    return {bind.get("nodeset").removeprefix("/data/"): bind for bind in found}


def choices(form, name):
    items = form.findall(f".//{XF}instance[@id='{name}']/{XF}root/{XF}item")
    return {item.findtext(f"{XF}name"): item.findtext(f"{XF}label") for item in items}


def plain(expression):
    return re.sub(r"\s+", " ", expression or "").replace("/data/", "").strip()


def test_the_questions_are_our_columns(form):
    ours = {column.name for kind in (kinds.FINDINGS, kinds.WALKS) for column in kind.columns}
    assert set(binds(form)) - ours == {"record", "walk_date", "location"}
    must = {"finding_id", "x", "y", "date"}  # of the submission, of location, of walk_date
    asked = {
        *(c.name for c in kinds.FINDINGS.columns if c.required),
        *(c.name for c in kinds.WALKS.columns if c.required),
    }
    assert asked - must - set(binds(form)) == set()


def test_the_choices_are_the_registers(form, registers):
    assert list(choices(form, "network")) == list(registers["networks"].index)
    assert choices(form, "network")["on-norrby"] == "Områdesnätverk Norrby"
    assert list(choices(form, "category")) == list(registers["categories"].index)
    assert choices(form, "category")["belysning"].startswith("Belysning (")
    assert list(choices(form, "owner")) == list(registers["owners"].index)
    assert tuple(choices(form, "light")) == kinds.LIGHTS
    assert tuple(choices(form, "kind")) == ("brist", "bra")
    assert list(choices(form, "step")) == ["1", "2", "3", "4"]


FINDING = ["location", "kind", "category", "description", "owner", "observed_date"]
WALK = ["start_time", "end_time", "step", "n_participants", "organisers", "place", "route"]


def test_a_finding_and_a_walk_are_asked_for_what_is_theirs(form):
    relevant = {name: plain(bind.get("relevant")) for name, bind in binds(form).items()}
    assert [name for name, when in relevant.items() if when == "record = 'finding'"] == FINDING
    assert [name for name, when in relevant.items() if when == "record = 'walk'"] == WALK
    both = ["record", "network_id", "walk_date", "light", "walk_id"]
    assert [name for name, when in relevant.items() if not when] == both


def test_all_phones_of_a_walk_reckon_the_same_walk(form):
    assert plain(binds(form)["walk_id"].get("calculate")) == (
        "concat('tv-', walk_date , '-', network_id )"
    )
    assert plain(binds(form)["observed_date"].get("calculate")) == "walk_date"
    assert re.fullmatch(kinds.ROW_ID, "tv-2017-10-03-on-norrby")


def test_network_and_light_are_those_of_the_last_submission_and_the_date_is_today(form):
    first = {
        s.get("ref").removeprefix("/data/"): s.get("value") for s in form.iter(f"{XF}setvalue")
    }
    assert {name: plain(value) for name, value in first.items()} == {
        "network_id": "instance('__last-saved')network_id",
        "light": "instance('__last-saved')light",
        "walk_date": "today()",
    }


def test_what_must_be_answered_says_so_in_swedish(form):
    must = [name for name, bind in binds(form).items() if bind.get("required") == "true()"]
    assert must == [*("record", "network_id", "walk_date", "location", "kind", "category", "place")]
    for name in must:
        assert binds(form)[name].get(f"{JR}requiredMsg").endswith(".")


def test_limits_are_told_in_swedish_and_are_ours(form):
    limits = {name: bind for name, bind in binds(form).items() if bind.get("constraint")}
    assert set(limits) == {"walk_date", "description", "n_participants", "place"}
    assert all(bind.get(f"{JR}constraintMsg").endswith(".") for bind in limits.values())
    assert xlsform.MAX_DESCRIPTION == freetext.MAX_LENGTH
    assert f"<= {freetext.MAX_LENGTH}" in limits["description"].get("constraint")


def test_the_types_are_those_that_the_tools_know(form):
    types = {name: bind.get("type") for name, bind in binds(form).items()}
    assert types["location"] == "geopoint"
    assert types["route"] == "geotrace"
    assert (types["walk_date"], types["start_time"], types["n_participants"]) == (
        *("date", "time", "int"),
    )
    tags = {element.tag.removeprefix(XF) for element in form.iter()}
    assert tags & {"upload", "repeat", "group", "itext"} == set()
    assert form.find(f".//{XF}input[@ref='/data/description']").get("appearance") == "multiline"


def test_no_picture_no_phone_and_no_person_is_asked_for(registers):
    types = {question["type"].split()[0] for question in xlsform.QUESTIONS}
    assert types == {
        *("select_one", "date", "calculate", "geopoint", "text", "time", "integer")
    } | {"geotrace"}
    form = xlsform.workbook(**registers)
    text = str(list(openpyxl.load_workbook(BytesIO(form))["survey"].values)).lower()
    assert not re.search(
        "foto|photo|image|audio|deviceid|username|phonenumber|audit|start-geo", text
    )


def test_it_works_offline_in_qfields_converter_too(registers):
    """It reads plain columns only, and a question that must have an answer has it on every row."""
    book = openpyxl.load_workbook(BytesIO(xlsform.workbook(**registers)))
    head, *rows = book["survey"].values
    assert not [name for name in head if "::" in name]
    rows = [dict(zip(head, row, strict=True)) for row in rows]
    for row in rows:
        assert not (row["required"] == "yes" and row["relevant"])
        assert "${last-saved" not in (row["calculation"] or "")
    settings = dict(zip(*book["settings"].values, strict=True))
    assert settings["form_title"] == "Trygghetsvandring"
    assert settings["form_id"] == "trygghetsvandring"
    assert settings["default_language"] == "svenska (sv)"
    assert settings["version"] == xlsform.VERSION


def test_without_owners_nobody_is_asked_who_mends_it(registers):
    form = converted(xlsform.workbook(**registers | {"owners": None}))
    assert "owner" not in binds(form)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_text_of_a_register_is_only_text(text):
    one = pd.DataFrame({"layer": ["omrade"], "name": [text]}, index=["on-x"])
    categories = pd.DataFrame({"name": [text], "examples": [text]}, index=["c"])
    named = pd.DataFrame(index=[text])
    workbook = xlsform.workbook(one, named, categories, named)
    sheets = openpyxl.load_workbook(BytesIO(workbook))
    assert {cell.data_type for sheet in sheets for row in sheet.rows for cell in row} <= {"s", "n"}
    form = converted(workbook)
    shown = re.sub("[\x00\x07]", "", text).replace("${", "$ {")
    assert choices(form, "network") == {"on-x": f"Områdesnätverk {shown}"}
    assert choices(form, "category") == {"c": f"{shown} ({shown})"}
    assert choices(form, "owner") == {shown: shown}
    assert form.find(f".//{XF}input[@ref='/data/place']/{XF}hint").text == (
        f"Platsens namn, till exempel {shown}."
    )


def test_empty_registers_still_make_a_form():
    nothing = pd.DataFrame(columns=["layer", "name", "examples"])
    sheets = openpyxl.load_workbook(BytesIO(xlsform.workbook(nothing, nothing, nothing)))
    assert [row[0] for row in sheets["choices"].values][-4:] == ["step"] * 4
