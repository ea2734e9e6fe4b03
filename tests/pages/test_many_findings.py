"""Many findings at once: what is pasted is kept, read as it was meant, and told of by its row."""

import json

import pandas as pd
import pytest

from geo import freetext, store
from pages.parts import data, field_cells, field_controls, field_forms, field_grid, state
from tests.pages.reader import run, tables, text
from tests.pages.test_vandringar import kept, press

PAGE = "vandringar.py"
NAMES = {"Belysning": "belysning", "Otrygg plats": "otrygghet", "Annat": "ovrigt"}
NAMES |= {"Nedskräpning, klotter, skadegörelse": "nedskrapning"}
BELOW = "Se Ord som gäller under rutnätet."


@pytest.fixture(autouse=True)
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


def row(kind="Brist", category="Belysning", said="Mörkt", light="", x="", y="", place="Norrby"):
    return dict(zip(field_cells.GRID, (kind, category, said, light, x, y, place), strict=True))


def pasted(*rows, walk=""):
    """Run the page with rows in its grid, from the first."""
    cells = json.dumps([0, {str(n): cells for n, cells in enumerate(rows, 1)}])
    held = {f"{field_grid.SEEN}0{state.HELD}": (cells, None, True)}
    about = {"vy": field_controls.REGISTER, "vad": field_controls.MANY, "fran_vandring": walk}
    return run(PAGE, **about, **held)


def told(*rows, walk=""):
    """Return the sentences that stand when rows are to be saved, and nothing is."""
    app = press(pasted(*rows, walk=walk), f"Spara {len(rows)} fynd")
    assert kept().empty
    assert f"Spara {len(rows)} fynd" in [button.label for button in app.button]
    return app.error[0].value.replace("\\", "").split("\n\n- ")[-1].split("\n- ")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("belysning", "belysning"),
        ("  BELYSNING ", "belysning"),
        ("Klotter", "nedskrapning"),
        ("nedskräpning  och klotter", "nedskrapning"),
        ("Kloter", ""),
        ("och", ""),
        ("", ""),
    ],
)
def test_a_word_means_the_one_name_that_has_it(written, meant):
    assert field_cells.meant(written, NAMES, by_word=True) == meant


def test_a_word_that_two_names_have_means_none():
    two = {"Sjöbo centrum": "1", "Sjöbo norra": "2"}
    assert field_cells.meant("Sjöbo", two, by_word=True) == ""
    assert field_cells.meant("sjöbo norra", two) == "2"


def test_what_is_pasted_is_read_as_it_was_meant_and_saved_in_its_order():
    app = pasted(
        row("brist", "belysning", "Ett", "Mörker", place=" norrby "),
        row("Bra", "Klotter", "Två", "", "376 740", "6399899", "vid trappan"),
        row("BRA, BEVARA", "Otrygg", "Tre", "skymning", place="Lugnet (även basområde)"),
        *(row(said=f"Fynd {n}") for n in range(4, 13)),
    )
    assert "12 fynd är sparade." in text(press(app, "Spara 12 fynd"))
    found = kept()
    assert found["description"].tolist()[:3] == ["Ett", "Två", "Tre"]
    assert found["kind"].tolist()[:3] == ["brist", "bra", "bra"]
    assert found["category"].tolist()[:3] == ["belysning", "nedskrapning", "otrygghet"]
    assert found["light"].tolist()[:3] == ["mörker", "", "skymning"]
    assert found["place"].tolist()[:3] == ["Norrby", "vid trappan", "Lugnet"]
    assert (found["x"].iloc[1], found["base_area_id"].iloc[1]) == (376740, "")
    listed = next(iter(tables(run(PAGE)).values()))
    assert listed["Beskrivning"].tolist() == [
        "Ett",
        "Två",
        "Tre",
        *(f"Fynd {n}" for n in range(4, 13)),
    ]


def test_the_grid_is_empty_after_saving():
    app = press(pasted(row()), "Spara 1 fynd")
    assert "Spara 0 fynd" in [button.label for button in app.button]


def test_what_is_not_understood_stays_and_is_told_with_row_and_remedy():
    rows = [
        row(category="Kloter"),
        row(kind="Fråga", category="Zzz", light="Mörkt"),
        row(place="Kronängsparken"),
        row(place="Sjöbo centrums"),
        row(place="Göta centrum"),
    ]
    said = told(*rows)
    assert said[0] == (
        "Rad 1: kategorin Kloter finns inte. Menar du Nedskräpning, klotter, skadegörelse?"
    )
    assert said[1].startswith("Rad 2: slaget fråga finns inte. Skriv Brist eller Bra.")
    assert said[2].startswith("Rad 2: kategorin Zzz finns inte. Skriv något av: Belysning; Trafik")
    assert said[3] == "Rad 2: ljuset Mörkt finns inte. Menar du mörker?"
    assert said[4] == f"Rad 3: platsen Kronängsparken finns inte. {BELOW} Eller skriv Öst och Norr."
    assert "Menar du Sjöbo centrum?" in said[5]
    assert "Menar du Göta centrum-Kristineberg väst?" in said[6]
    assert len(said) == 7


def test_all_that_is_missing_is_told_at_once_row_by_row_by_heading():
    said = told(row(), {"Beskrivning": "Bara text"}, row("", place=""), {"Ljus": "mörker"})
    assert said == [
        "Rad 2: Slag saknas. Skriv Brist eller Bra.",
        said[1],
        f"Rad 2: {field_cells.NO_PLACE}",
        "Rad 3: Slag saknas. Skriv Brist eller Bra.",
        f"Rad 3: {field_cells.NO_PLACE}",
        "Rad 4: Slag saknas. Skriv Brist eller Bra.",
        said[6],
        f"Rad 4: {field_cells.NO_PLACE}",
    ]
    assert said[1].startswith("Rad 2: Kategori saknas. Skriv något av: Belysning;")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"x": "6399899", "y": "376740"}, "Öst och Norr har bytt plats. Öst har sex siffror"),
        ({"x": "18.0686", "y": "59.3293"}, "Öst och Norr är meter i SWEREF 99 TM, till exempel"),
        ({"x": "59.3293", "y": "18.0686"}, "Öst och Norr är meter i SWEREF 99 TM, till exempel"),
        ({"x": "57.7", "y": "12.9"}, "Öst och Norr är meter i SWEREF 99 TM, till exempel"),
        ({"x": "116240", "y": "6399899"}, "Talen ser ut som en lokal SWEREF 99-zon."),
        ({"x": "376740"}, "Norr saknas fast den andra koordinaten finns."),
        ({"y": "6399899"}, "Öst saknas fast den andra koordinaten finns."),
        ({"x": "5", "y": "5"}, "Koordinaterna ligger utanför Sverige. Öst har sex siffror"),
        (
            {"x": "vid ån", "y": "6399899"},
            "Öst: ett tal väntades, till exempel 377000. Rätta cellen",
        ),
        ({"said": "a" * 5000}, "Beskrivning: Texten är 5 000 tecken; gränsen är 2 000."),
        ({"said": "Ring 070-174 06 35"}, "Beskrivning: Texten innehåller ett telefonnummer"),
        ({"said": "Född 19121212-1212"}, "Beskrivning: Texten innehåller ett personnummer"),
        ({"kind": "Ring 070-174 06 35"}, "Slag: Texten innehåller ett telefonnummer"),
        ({"place": "Ring 070-174 06 35"}, "Plats: Texten innehåller ett telefonnummer"),
    ],
)
def test_a_fault_is_told_in_the_words_of_the_grid(cells, sentence):
    said = told(row(), row(**cells))
    assert len(said) == 1, said
    assert said[0].startswith(f"Rad 2: {sentence}")
    for word in ("EPSG", "spara om", "läs in", "kind", "ta bort raden", "lämna tomt", "19121212"):
        assert word not in said[0]
    assert "174 06 35" not in said[0]


def test_a_walk_that_is_not_gone_yet_is_told_once():
    with store.open() as opened:
        walk = {"walk_id": "w1", "date": pd.Timestamp("2100-01-01"), "network_id": "on-norrby"}
        opened.save_walk(walk | {"place": "Norrby"}, "prov")
    said = told(row(), row(said="Annat"), walk="w1")
    assert said == [
        "Vandringen är inte gången än: dagen ligger i framtiden. Välj en annan vandring."
    ]


def test_what_is_to_be_looked_at_is_told_with_its_row_and_saved():
    app = pasted(row(), row(place="", x="500000", y="6900000"), row())
    shown = text(press(app, "Spara 3 fynd")).replace("\\", "")
    assert "3 fynd är sparade." in shown
    assert "Obs: Rad 2: Punkten är utanför alla basområden" in shown
    assert "Obs: Rad 3: Liknar rad 1" in shown


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("57.7243", "12.9304"),
        ("12,9304", "57,7243"),
        ("57.72430° N", "12.93040° Ö"),
        ("57.7243, 12.9304", ""),
        ("57.72430 12.93040", ""),
    ],
)
def test_degrees_in_boras_become_metres(x, y):
    written = pd.DataFrame({"x": [x, "376 740"], "y": [y, ""]})
    read = field_cells.as_metres(written)
    assert read.values.tolist() == [["376740", "6399899"], ["376 740", ""]]


def test_one_finding_may_be_written_in_degrees_too():
    app = run(PAGE, vy=field_controls.REGISTER)
    for label, value in (("Öst (SWEREF 99 TM)", "57.7243"), ("Norr (SWEREF 99 TM)", "12.9304")):
        next(box for box in app.text_input if box.label == label).set_value(value)
    assert "1 fynd är sparat" in text(press(app, "Spara fyndet"))
    assert kept()[["x", "y"]].iloc[0].tolist() == [376740, 6399899]


def test_one_finding_that_is_wrong_is_told_in_the_words_of_its_form():
    frame = pd.DataFrame({"message": ["y: skriv talet med antingen komma eller punkt, inte båda."]})
    said = field_forms.as_labelled(frame)["message"]
    assert said.tolist() == ["Norr: skriv talet med antingen komma eller punkt, inte båda."]


@pytest.mark.parametrize("count", [1, 12, 99, 100, 300])
def test_ids_sort_as_their_rows_and_differ_in_their_last_six_signs(count):
    ids = field_cells.new_ids(count)
    assert ids == sorted(ids)
    assert len({finding_id[-6:] for finding_id in ids}) == count
    assert not any(freetext.check(finding_id) for finding_id in ids)


def test_a_clicked_place_goes_to_the_first_row_that_lacks_one():
    assert field_grid.row_to_place({}) == 1
    assert field_grid.row_to_place({"1": row(), "2": row(place=""), "3": row(place="")}) == 2
    assert field_grid.row_to_place({"1": row(), "2": {"Öst": "376740", "Norr": "6399899"}}) == 3
    assert field_grid.row_to_place({"1": {"Slag": " "}, "2": {"Slag": "Bra"}}) == 2
    full = {str(n): row() for n in range(1, field_grid.MOST_ROWS + 1)}
    assert field_grid.row_to_place(full) is None


@pytest.fixture
def session(monkeypatch):
    """What the page keeps, without a page."""
    kept = {}
    monkeypatch.setattr(state.st, "session_state", kept)
    return kept


def cells():
    return field_grid._held(field_grid.BASE)


def test_a_click_keeps_what_is_written_and_says_which_row_it_went_to(session):
    third = {"Kategori": "Trafik", "Beskrivning": "Tre"}
    session["rutnat0-0"] = {"edited_rows": {0: row(), 2: third}}
    field_grid.point((57.7243, 12.9304))
    assert session[state.TOLD_KEY].replace("\u202f", " ") == "Rad 3 fick läget 376 740, 6 399 899."
    turn, found = cells()
    assert turn == 0  # the same grid: what is being written in a cell stays
    assert found["1"]["Beskrivning"] == "Mörkt"
    assert (found["3"]["Beskrivning"], found["3"]["Öst"]) == ("Tre", "376740")
    field_grid.point((57.7243, 12.9304))
    assert cells()[1]["2"] == {"Öst": "376740", "Norr": "6399899"}


def test_a_place_that_was_taken_away_can_be_pointed_out_anew(session):
    field_grid.point((57.7, 12.9))
    session["rutnat0-0"] = {"edited_rows": {0: {"Öst": None, "Norr": None}}}
    field_grid.point((57.7243, 12.9304))
    turn, found = cells()
    assert (turn, found["1"]) == (1, {"Öst": "376740", "Norr": "6399899"})


def test_a_grid_that_was_out_of_sight_begins_with_what_it_held(session):
    field_grid._hold(field_grid.SEEN, 0, {"1": {"Slag": "Bra"}})
    session["rutnat0-0"] = {"edited_rows": {}}
    field_grid.put_away()
    field_grid.put_away()
    assert field_grid._begun() == (1, {"1": {"Slag": "Bra"}})
    assert field_grid._frame(cells()[1]).at[1, "Slag"] == "Bra"


def test_the_words_that_are_understood_stand_under_the_grid():
    app = pasted()
    shown = next(box for box in app.expander if box.label == "Ord som gäller").markdown[0].value
    assert "- **Slag:** Brist; Bra, bevara." in shown
    assert "- **Ljus:** dagsljus; skymning; mörker; eller tomt." in shown
    for name in data.field(False).categories.values():
        assert name in shown
    assert "Norrby" in shown
