"""Each page alone, with every choice, with nothing to show, and with hostile names."""

import json
import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo import sources
from pages.parts import data, grid, maps
from tests.pages.reader import ROOT, Reader, map_script, run, tables, text

PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))
WITH_MAP = ["oversikt.py", "tackning.py"]


@pytest.mark.parametrize("name", PAGES)
def test_each_page_runs_alone_and_has_one_title(name):
    app = run(name)
    assert len(app.title) == 1
    assert not app.error


def test_switching_pages_keeps_to_swedish_titles():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180).run()
    assert app.title[0].value == "Lägesbild Borås"
    app.switch_page("pages/tackning.py").run()
    assert not app.exception
    assert app.title[0].value == "Täckning och överlapp"


def test_the_inner_city_is_seen_at_once():
    said = text(run("tackning.py"))
    assert "6** har bara ett" in said
    for name in ("Bergdalen-Norrmalm väst", "Lugnet", "Salängen", "Östermalm", "Norrmalm norr"):
        assert name in said


def test_tosseryd_has_one_network_and_the_page_says_why():
    said = text(run("tackning.py", vald="Tosseryd – plats"))
    assert "**Tosseryd** ligger i basområdet **Södra Öresjö**" in said
    assert "täcks av 1 nätverk: **Nätverk barn och unga Sjöbo**" in said
    assert "varken områdesnätverk eller ortsråd" in said
    assert "platsen ligger i basområdet. Tillhörigheten är säker." in said


def test_centrum_is_a_network_with_one_layer_only():
    said = text(run("tackning.py", vald="Nätverk barn och unga Centrum"))
    assert "7 basområden, varav 2 delade" in said


def test_a_misspelling_of_the_sources_is_in_the_list():
    app = run("oversikt.py")
    options = app.selectbox[0].options
    assert any("Hulta – plats" in option and "Hulda" in option for option in options)
    assert any("Brämhult – plats" in option and "Brämbult" in option for option in options)
    assert any("Viskafors – plats" in option and "Vistafors" in option for option in options)


def test_every_choice_in_the_list_gives_an_answer():
    app = run("tackning.py")
    for option in app.selectbox[0].options:
        app.selectbox[0].select(option).run()
        assert not app.exception, option
        assert app.subheader[0].value == option.split(" (även")[0]


def test_layers_can_be_switched_off_one_by_one_and_all():
    app = run("tackning.py")
    app.pills[0].set_value(["omrade"]).run()
    assert "**26 av 47** basområden har inget nätverk (områdesnätverk)" in text(app)
    app.pills[0].set_value([]).run()
    assert not app.exception
    assert "Inget lager är valt" in text(app)


@pytest.mark.parametrize("layers", [["barn_unga"], ["omrade", "ortsrad"], ["barn_unga", "omrade"]])
@pytest.mark.parametrize("colour", ["antal", "kombination"])
def test_a_change_sends_colours_and_no_geometry(layers, colour):
    app = run("tackning.py", lager=layers, farg=colour)
    script = map_script(app)
    assert "Lagesbild.paint(" in script
    assert "coordinates" not in script
    assert len(script) < 20_000


def test_land_and_children_stand_side_by_side():
    table = tables(run("tackning.py"))["Täckning per lager"].set_index("Lager")
    assert table.at["Ortsråd", "Andel av ytan"] == "92,5\u00a0%"
    assert table.at["Ortsråd", "Andel av barnen 0–17 år (ungefärligt)"] == "38\u00a0%"
    assert table.at["Områdesnätverk", "Andel av barnen 0–17 år (ungefärligt)"] == "uppgift saknas"


def test_demo_data_is_marked_and_gives_people_in_the_matrix():
    app = run("tackning.py", folk="basomrade")
    assert any("Syntetiska demodata" in warning.value for warning in app.warning)
    shown = tables(app)
    layers = shown[f"Täckning per lager. {sources.DEMO_MARK}"]
    assert layers.columns[-1] == "Andel av folkmängden 10–16 år (2024, syntetiskt)"
    matrix = shown[
        f"Barn och unga 10–16 år mot områdesnätverk, gemensam yta i km². {sources.DEMO_MARK}"
    ]
    assert re.fullmatch(r"9,19 \([\d\u202f]+\)", matrix.set_index("Nätverk").at["Boda", "Brämhult"])


def test_the_map_draws_47_areas_and_20_networks_from_its_file():
    run("tackning.py")
    base = data.base_map("Karta över nätverkens täckning i Borås")
    assert len(json.loads(base.geojson)["features"]) == 47
    assert len(base.networks) == 20
    assert len(base.script().encode()) < 250_000


def test_hostile_names_stay_text(other_data):
    name = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    path = other_data / "base_areas.geojson"
    path.write_text(path.read_text("utf-8").replace("Östermalm", name), encoding="utf-8")
    app = run("tackning.py", vald=f"{name} – basområde")
    assert "<script>alert" not in map_script(app)
    base = data.base_map("Karta över nätverkens täckning i Borås")
    assert "</script>" not in base.script()


def test_a_missing_register_is_said_and_what_to_do(other_data):
    (other_data / "areas.geojson").unlink()
    app = run("tackning.py")
    assert "areas.geojson finns inte" in app.error[0].value
    assert "python -m geo areas build" in app.info[0].value


def test_no_areas_at_all_is_said_and_what_to_do(other_data):
    empty = '{"type": "FeatureCollection", "features": []}'
    (other_data / "areas.geojson").write_text(empty, encoding="utf-8")
    for name in WITH_MAP:
        app = run(name)
        assert "Inga områden kunde läsas" in app.error[0].value


def test_a_faulty_row_is_shown_and_left_out(other_data):
    path = other_data / "meetings.csv"
    path.write_text(path.read_text("utf-8").replace(",2017-03-15,", ",2017-02-31,", 1), "utf-8")
    app = run("data.py")
    told = tables(app)["Anmärkningar"]
    assert "den dagen finns inte i kalendern" in told.to_csv()


def test_a_register_that_is_changed_on_disk_is_read_anew(other_data):
    assert "den dagen finns inte" not in text(run("data.py")) + str(tables(run("data.py")))
    path = other_data / "meetings.csv"
    path.write_text(path.read_text("utf-8").replace(",2017-03-15,", ",2017-02-31,", 1), "utf-8")
    assert "den dagen finns inte i kalendern" in tables(run("data.py"))["Anmärkningar"].to_csv()


def test_a_click_on_the_map_is_turned_into_a_choice():
    run("tackning.py")
    base = data.base_map("Karta över nätverkens täckning i Borås")
    painting = data.painting(("barn_unga", "omrade", "ortsrad"), "antal")
    label = painting.looks["1490R041"].label
    assert maps.clicked({maps.RETURNED[0]: label}, painting, base) == "1490R041"
    assert maps.clicked({maps.RETURNED[0]: "Ortsråd Fristad"}, painting, base) == "or-fristad"
    assert maps.clicked({maps.RETURNED[0]: "okänt"}, painting, base) == ""
    assert maps.clicked(None, painting, base) == ""


def test_a_table_shows_every_text_as_it_stands():
    rows = pd.DataFrame({"Namn": ["<script>", "B"], "Antal": ["1\u202f200", "3 (1–5)"]})
    made = grid.as_html(rows, "Prov & test", height=90)
    reader = Reader()
    reader.feed(made)
    assert reader.tables["Prov & test"] == [["Namn", "Antal"], *rows.to_numpy().tolist()]
    assert "<script>" not in made
    assert made.count('scope="row"') == 2
    assert made.count('class="number"') == 3


def test_a_base_area_that_only_partly_has_a_network_is_striped_and_told():
    app = run("tackning.py", lager=["omrade"])
    assert "**2** har det bara i en del" in text(app)
    painting = data.painting(("omrade",), "antal")
    part, whole, none = (painting.looks[f"1490R{n}"].colours for n in ("003", "019", "031"))
    assert len({part, whole, none}) == 3
    assert (len(part), len(whole)) == (2, 1)


def test_the_headline_counts_every_base_area_once():
    said = text(run("tackning.py", lager=["omrade", "ortsrad"]))
    assert "**6 av 47** basområden har inget nätverk" in said
    assert "**2** har det bara i en del. **39** har bara ett" in said


def test_overlaps_within_a_layer_are_named_since_no_matrix_shows_them():
    said = text(run("tackning.py"))
    assert "**18 par** av nätverk delar yta: 15 mellan lager och 3 inom samma lager" in said


def test_an_answer_says_when_the_map_shows_fewer_layers():
    said = text(run("tackning.py", lager=["omrade"], vald="Tosseryd – plats"))
    assert "Svaret gäller alla tre lagren; kartan visar bara områdesnätverk." in said
