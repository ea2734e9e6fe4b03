"""The page Insatser och planer: every view, what is empty, what is said, what is exported."""

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from geo import read, sources, store
from pages.parts import (
    charts,
    data,
    efforts,
    efforts_map,
    efforts_tables,
    efforts_views,
    meeting_places,
)
from tests.geo.store.making import plan
from tests.pages.reader import ROOT, map_script, run, tables, text

PAGE = "insatser.py"
DEMO = sources.DEMO_MARK
VIEWS = list(efforts_views.NEEDED)


def show(view, **state):
    return run(PAGE, insatsvy=view, **state)


def empty(folder, name):
    """Leave the header of a register alone."""
    path = folder / f"{name}.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")


def keep(shares):
    """Keep trygghet 2023 in the test's own store: base area -> share of 80 who feel safe."""
    row = {"indicator_id": "trygghet", "area_vintage": "RegSO2025", "period": "2023"}
    row |= {"group": "alla", "status": "ok", "source": "Borås Stad, prov"}
    rows = [
        row | {"area_code": code, "numerator": n, "denominator": 80.0, "value": n / 80 * 100}
        for code, n in shares.items()
    ]
    with store.open() as opened:
        opened.save_statistics(
            pd.DataFrame(rows), file_name="p.csv", sha256="p", made_by="prov", what="prov"
        )


def everywhere(n=60.0, **odd):
    return {code: float(odd.get(code[-4:], n)) for code in read.base_areas()[0].index}


def test_the_page_answers_its_question_at_once():
    said = text(run(PAGE))
    assert "**14 insatser** i källan nämner en plats" in said
    assert "De samlas på **Norrby (8), Hässleholmen (4) och Sjöbo (3)**" in said
    assert (
        "**Ingen nämner 6 av 20 nätverk**: nätverk barn och unga Centrum och Daltorp; "
        "områdesnätverk Brämhult, Hulta, Kristineberg och Trandared." in said
    )
    assert "saknar datum" in said
    assert "inte detsamma som att inget görs där" in said


@pytest.mark.parametrize("view", VIEWS)
def test_each_view_has_a_sentence_and_a_table_and_no_leftovers(view):
    app = show(view)
    assert not app.error
    assert tables(app)
    shown = text(app) + "".join(table.to_csv() for table in tables(app).values())
    assert not re.search(r"\b(None|nan|NaN)\b", shown)
    assert not re.search(r"\b(insats-\d|mp|bu|on|or)-[a-z]+", shown)


def test_the_views_can_be_switched_and_back():
    app = run(PAGE)
    control = next(one for one in app.segmented_control if one.key == "insatsvy")
    assert control.options == [*VIEWS[:3], efforts.PLANS, *VIEWS[3:]]
    for view in [*control.options, VIEWS[0]]:
        next(one for one in app.segmented_control if one.key == "insatsvy").set_value(view).run()
        assert not app.exception, view
        assert not app.error, view
    assert "14 insatser" in text(app)


def test_the_page_is_reached_from_another_page_and_left_again():
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=180).run()
    for name, title in (("insatser", "Insatser och planer"), ("tackning", "Täckning och överlapp")):
        app.switch_page(f"pages/{name}.py").run()
        assert not app.exception
        assert app.title[0].value == title
    app.switch_page("pages/insatser.py").run()
    assert "14 insatser" in text(app)


def test_every_choice_gives_an_answer_on_both_maps():
    for view in (efforts.ON_MAP, efforts.MEETING_PLACES):
        app = show(view)
        for option in app.selectbox(key="vald").options[::7]:
            app.selectbox(key="vald").select(option).run()
            assert not app.exception, option
            assert not app.info, option


def test_a_network_is_answered_with_its_efforts_and_those_beside_it():
    said = text(run(PAGE, vald="Områdesnätverk Norrby"))
    assert "**8 insatser nämner en ort i Områdesnätverk Norrby.**" in said
    assert "Källa: Visionens webbsida, Det här gör vi nu." in said
    near = said.split("på en plats som källan inte räknar till nätverket:")[1]
    assert "**Autofreight**" in near.split("\n\n")[1]
    silent = text(run(PAGE, vald="Områdesnätverk Hulta"))
    assert "**Ingen insats i källan nämner en ort i Områdesnätverk Hulta.**" in silent


def test_a_base_area_of_a_place_with_several_is_unsure():
    said = text(run(PAGE, vald="Sjöbo centrum – basområde"))
    assert "Ingen insats nämner säkert en plats i Sjöbo centrum; 3 kan finnas där." in said
    assert "nämner en plats som ligger i flera basområden" in said
    sure = text(run(PAGE, vald="Norrby – basområde"))
    assert "**8 insatser nämner en plats i Norrby.**" in sure


def test_a_place_without_a_base_area_is_named_and_is_not_on_the_map():
    said = text(run(PAGE, vald="Bosjön – plats"))
    assert "**1 insats nämner Bosjön.**" in said
    assert "inte lagd i något basområde" in said
    assert "basområdet är inte fastställt: Bosjön, Rya åsar och Gässlösa" in said
    assert "Utan plats i källan: Ny järnväg" in said


def test_the_map_tells_sure_from_unsure_and_the_legend_is_what_is_on_it():
    painting = data.once(efforts_map.painting, "barn_unga")
    sure, unsure, none = (painting.looks[f"1490R{n}"] for n in ("025", "033", "031"))
    assert (len(sure.colours), sure.edge, sure.label) == (1, "plain", "Norrby: 8 insatser")
    assert (len(unsure.colours), unsure.edge) == (2, "split")
    assert unsure.label == "Sjöbo centrum: 0–3 insatser, platsen har flera basområden"
    assert none.label.endswith(": ingen insats nämner platsen")
    keys = data.once(efforts_map.keys)
    assert {key.colours for key in keys} == {look.colours for look in painting.looks.values()}
    assert [key.text for key in keys][::5] == ["Ingen insats nämner platsen", "8 insatser"]
    assert "Norrby: 8 insatser" in map_script(run(PAGE))


def test_many_different_counts_still_have_at_most_five_colours(other_data):
    path = other_data / "efforts.csv"
    rows = path.read_text("utf-8")
    places = ["Norrby", "Brämhult", "Svaneholm", "Lugnet", "Regementet", "Salängen", "Östermalm"]
    for n, place in enumerate(places):
        for k in range(2 * n):
            rows += f"prov-{n}-{k},Prov,{place},,utvecklar,Prov,,vision\n"
    path.write_text(rows, encoding="utf-8")
    looks = data.once(efforts_map.painting, "barn_unga").looks
    assert len({look.colours[-1] for look in looks.values()}) <= 1 + 5
    keys = data.once(efforts_map.keys)
    assert {key.colours for key in keys} == {look.colours for look in looks.values()}


def test_every_network_is_listed_with_its_number():
    shown = tables(run(PAGE))["Insatser som nämner en ort i nätverket"].set_index("Nätverk")
    assert len(shown) == 20
    assert shown.at["Nätverk barn och unga Boda", "Insatser som nämner det"] == "4"
    assert shown.at["Områdesnätverk Hulta", "Insatser som nämner det"] == "0"
    every = tables(run(PAGE))["Insatser, också de som inte nämner någon plats"]
    assert len(every) == 15
    assert every["Nätverk"].iloc[1] == (
        "Nätverk barn och unga Norrby och Boda; områdesnätverk Norrby och Hässleholmen"
    )


# Need beside effort.


def test_need_without_effort_is_named_and_stands_first():
    keep(everywhere(R015=20, R022=20, R025=20))
    app = show(efforts.NEEDS, indikator="trygghet", slag="omrade")
    said = text(app)
    assert "Insatserna samlas på Norrby, Hässleholmen och Sjöbo." in said
    assert (
        "1 av de 7 områdesnätverken ligger säkert sämre till än Borås utan att någon platsbunden "
        "insats nämner det: Kristineberg.**" in said
    )
    assert "Säkert sämre, med insats: Norrby." in said
    shown = next(iter(tables(app).values())).set_index("Nätverk")
    assert shown.index[:3].tolist() == ["Borås", "Kristineberg", "Norrby"]
    assert shown.at["Kristineberg", "Behov mot insats"] == "säkert sämre, ingen insats"
    assert shown.at["Norrby", "Behov mot insats"] == "säkert sämre, med insats"
    assert shown.at["Norrby", "Insatser"] == "8"
    assert shown.at["Hulta", "Behov mot insats"] == "inte säkert sämre"
    assert DEMO not in said + "".join(tables(app))


def test_what_is_missing_is_never_taken_as_no_need():
    values = everywhere()
    del values["1490R025"], values["1490R006"], values["1490R009"], values["1490R043"]
    keep(values)
    app = show(efforts.NEEDS, indikator="trygghet", slag="omrade")
    shown = next(iter(tables(app).values())).set_index("Nätverk")
    assert shown.loc["Norrby", ["Värde", "Behov mot insats"]].tolist() == [
        "uppgift saknas",
        "går inte att säga",
    ]
    assert "1 visas inte." in text(app)


def test_demo_data_is_marked_on_page_chart_table_and_export():
    app = show(efforts.NEEDS, indikator="sysselsatta", slag="omrade")
    assert app.warning[0].value.startswith(DEMO)
    assert "(syntetiskt)" in text(app)
    assert all(DEMO in caption for caption in tables(app))
    asked = ("sysselsatta", "2024", "alla", "omrade")
    assert data.once(charts.needs, *asked)["title"]["subtitle"] == DEMO
    assert (data.once(efforts_tables.need_numbers, *asked)["källa"] == DEMO).all()


def test_the_chart_shows_the_classes_of_the_table_and_leaves_the_other_chart_alone():
    asked = ("sysselsatta", "2024", "alla", "omrade")
    points = data.once(charts.needs, *asked)["layer"][-1]
    table = data.once(efforts_tables.needs, *asked).set_index("Nätverk")
    for point in points["data"]["values"]:
        name, n = point["name"].removesuffix(")").split(" (")
        assert point["class"] == table.at[name, "Behov mot insats"]
        assert n == table.at[name, "Insatser"]
    domain = points["encoding"]["shape"]["scale"]["domain"]
    assert domain == [c for c in efforts.CLASS.values() if c in set(table["Behov mot insats"])]
    plain = data.once(charts.dots, *asked)["layer"][-1]
    assert "shape" not in plain["encoding"]
    assert "Norrby" in {point["name"] for point in plain["data"]["values"]}


@pytest.mark.parametrize("layer", ["barn_unga", "omrade", "ortsrad"])
def test_every_indicator_that_may_be_compared_can_be_shown(layer):
    app = show(efforts.NEEDS, slag=layer)
    options = app.selectbox(key="indikator").options
    names = read.indicators()[0]["name"]
    assert names["utlandsk_bakgrund"] not in options
    assert names["folkmangd"] not in options
    assert names["valdsbrott"] not in options
    for name in efforts.may_be_compared(data.register()):
        app.selectbox(key="indikator").set_value(name).run()
        assert not app.exception, name
        assert not app.error, name


def test_an_indicator_that_is_not_here_falls_back_to_the_first():
    app = show(efforts.NEEDS, indikator="valdsbrott")
    assert app.selectbox(key="indikator").value == "psykosomatisk_halsa"


def test_a_share_without_numbers_is_not_summed_and_that_is_said():
    row = {"indicator_id": "trygghet", "area_vintage": "RegSO2025", "period": "2023"}
    row |= {"group": "alla", "status": "ok", "source": "prov", "numerator": None}
    rows = [row | {"area_code": c, "denominator": None, "value": 70.0} for c in everywhere()]
    frame = pd.DataFrame(rows).astype({"numerator": float, "denominator": float})
    with store.open() as opened:
        opened.save_statistics(frame, file_name="p", sha256="p", made_by="prov", what="prov")
    app = show(efforts.NEEDS, indikator="trygghet")
    assert "räknas inte samman till nätverk" in text(app)
    assert not tables(app)


def test_without_any_figures_the_view_says_what_to_do(other_data):
    (other_data / "demo" / "statistics.csv").unlink()
    app = show(efforts.NEEDS)
    assert "Ingen statistik är inläst" in app.info[0].value


# Meeting places, budget, activity days.


def test_a_distance_has_two_ends_and_the_house_is_said_to_be_unknown():
    assert meeting_places.kilometres(1_204, 1_980) == "1,2–2,0\u00a0km"
    assert meeting_places.kilometres(0, 470) == "0–0,5\u00a0km"
    assert meeting_places.kilometres(float("nan"), float("nan")) == "uppgift saknas"
    app = show(efforts.MEETING_PLACES, vald="Bredared – basområde")
    said = text(app)
    assert "Husens lägen är okända" in said
    assert "**10 av 47** basområden hör till en mötesplats ort" in said
    assert "10 av 20 nätverk har ingen mötesplats i sitt område" in said
    assert "för områdesnätverk Trandared är det osäkert" in said
    assert "**Bredared**: Mötesplats Sjöbo, 7,9–9,3\u00a0km (fågelvägen)." in said
    shown = tables(app)
    assert len(shown["Närmaste mötesplats för varje basområde"]) == 47
    five = shown["Mötesplatser och nätverken de ligger i"].set_index("Mötesplats")
    assert len(five) == 5
    hulta = "Nätverk barn och unga Daltorp och Områdesnätverk Trandared"
    assert five.at["Mötesplats Hulta", "Kan ligga i"] == hulta


def test_the_legend_of_meeting_places_is_what_is_on_the_map():
    painting = data.once(efforts_map.near_painting, "omrade")
    keys = data.once(efforts_map.near_keys)
    assert {key.colours for key in keys} == {look.colours for look in painting.looks.values()}
    assert painting.looks["1490R025"].label == "Norrby: Norrbyhuset ligger här"
    assert painting.looks["1490R025"].edge == "plain"
    unsure = painting.looks["1490R033"]
    assert (unsure.edge, unsure.label) == (
        "split",
        "Sjöbo centrum: Mötesplats Sjöbo ligger här eller i ett annat basområde på orten",
    )


def test_the_budget_is_400_000_and_nothing_unknown_is_a_number():
    app = show(efforts.BUDGET)
    assert "**400\u202f000\u00a0kr** var budgeten 2017" in text(app)
    shown = tables(app)
    kinds = shown["Budget 2017 per slag av nätverk"].set_index("Post")
    assert kinds.at["Nätverk barn och unga", "Kr per barn (2012 och 2022)"] == "3,7–4,3"
    assert kinds.at["Områdesnätverk", "Kr per barn (2012 och 2022)"] == "uppgift saknas"
    assert kinds.at["Övriga medel", "Kr per barn (2012 och 2022)"] == "–"
    own = shown["Nätverk som går att koppla till kommundelar, ungefärligt"]
    assert len(own) == 13
    assert not own["Nätverk"].str.startswith("Områdesnätverk").any()
    other = shown["Andra medel, ingår inte i summan"].set_index("Post")
    assert other.at["Leader Sjuhärad", "Ungefär, kr"] == "1\u202f200\u202f000"


def test_activity_days_with_two_dates_are_flagged_and_counted_once():
    app = show(efforts.ACTIVITY_DAYS)
    said = text(app)
    assert "**12 dagar** i 9 nätverk 2017" in said
    assert "Datumet är osäkert för Områdesnätverk Trandared." in said
    assert "Ingen dag i källan för Områdesnätverk Brämhult och Ortsråd Viskafors." in said
    assert "också i Brämhult, Kristineberg, Hestra och Viskafors" in said
    shown = tables(app)["Aktivitetsdagar 2017"]
    assert len(shown) == 13
    assert shown.loc[shown["Datumet är"] == "osäkert", "Ort"].tolist() == ["Trandared"] * 2


# What is empty, missing, odd or hostile.


@pytest.mark.parametrize("view", VIEWS)
def test_an_empty_register_says_what_to_fill_in(other_data, view):
    name = efforts_views.NEEDED[view][0]
    empty(other_data, name)
    app = show(view)
    assert app.info[-1].value.startswith(f"Registret {name} är tomt. Lägg en rad per post")
    assert not tables(app)


@pytest.mark.parametrize("view", VIEWS)
def test_a_missing_register_is_said(other_data, view):
    name = efforts_views.NEEDED[view][0]
    (other_data / f"{name}.csv").unlink()
    app = show(view)
    assert f"{name}.csv finns inte" in app.error[0].value.replace("\\", "")


def test_a_register_without_a_column_is_said(other_data):
    path = other_data / "efforts.csv"
    path.write_text(path.read_text("utf-8").replace("title,", "titel,", 1), "utf-8")
    assert "title saknas" in run(PAGE).error[0].value


def test_an_unknown_network_in_the_register_is_said(other_data):
    path = other_data / "efforts.csv"
    path.write_text(path.read_text("utf-8").replace("bu-norrby", "bu-norby", 1), "utf-8")
    app = run(PAGE)
    assert "bu-norby" in app.error[0].value
    assert "finns inte i registret" in app.error[0].value


def test_without_money_beside_the_budget_the_view_still_stands(other_data):
    empty(other_data, "budget_other")
    empty(other_data, "population_kommundel")
    app = show(efforts.BUDGET)
    assert not app.error
    assert "Inga andra medel i registret." in text(app)
    assert "Inga nätverk går att koppla till kommundelar." in text(app)
    assert "Per barn" not in text(app).split("Per person:")[0]


def test_hostile_texts_stay_text(other_data):
    bad = "<script>alert(1)</script>*x*[y](z)"
    path = other_data / "efforts.csv"
    path.write_text(path.read_text("utf-8").replace("Drömmen om Norrby", bad), "utf-8")
    app = run(PAGE, vald="Norrby – basområde")
    assert "<script>" not in "".join(element.proto.body for element in app.get("html"))
    assert r"\<script\>alert(1)\</script\>\*x\*\[y\](z)" in text(app)
    every = tables(app)["Insatser, också de som inte nämner någon plats"]
    assert bad in set(every["Insats"])


def test_notes_of_an_export_say_where_it_is_from(monkeypatch):
    kept = {}
    monkeypatch.setattr(
        efforts_views.downloads, "tables", lambda name, sheets, notes: kept.update({name: notes})
    )
    for view in VIEWS:
        show(view, indikator="sysselsatta")
    assert len(kept) == len(VIEWS)
    for name, notes in kept.items():
        assert any("Källa:" in note for note in notes), name
    assert DEMO in next(notes for name, notes in kept.items() if name.startswith("behov"))


@pytest.fixture
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


def plans_of(app):
    return tables(app)["Lokala utvecklingsplaner per nätverk"].set_index("Nätverk")


def press(app, label):
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception


def kept():
    with store.open() as opened:
        return opened.plans()


def test_without_plans_all_twenty_lack_one_and_reading_is_allowed():
    app = run(PAGE, insatsvy=efforts.PLANS)
    assert "**0 av 20 nätverk har en lokal utvecklingsplan" in text(app)
    assert (plans_of(app)["Läge"] == "ingen registrerad").all()
    assert "skrivskyddad" in text(app)


def test_a_plan_is_put_in_changed_undone_removed_and_brought_back(writer):
    app = run(PAGE, insatsvy=efforts.PLANS, plan_for="on-norrby")
    app.text_input[0].input("Drömmen om Norrby")
    app.text_area[0].input("Skolvägen\n\nBelysning; parken")
    app.multiselect[0].select("3")
    press(app, "Spara planen")
    assert kept().iloc[0]["focus_areas"] == ("Skolvägen", "Belysning, parken")
    assert "**1 av 20 nätverk" in text(app)
    row = plans_of(app).loc["Områdesnätverk Norrby"]
    assert row["Läge"] == "plan med fokusområden"
    assert row["Brå-prioriteringar"] == "Trygga offentliga miljöer"
    plan_id = kept().index[0]
    key = "plan_on-norrby"
    app = run(PAGE, insatsvy=efforts.PLANS, plan_for="on-norrby", **{key: plan_id})
    app.text_area[0].input("")
    press(app, "Spara planen")
    assert plans_of(app).loc["Områdesnätverk Norrby", "Läge"] == "plan utan fokusområden"
    press(app, "Ångra senaste ändringen")
    assert len(kept().iloc[0]["focus_areas"]) == 2
    press(app, "Ta bort planen")
    assert kept().empty
    press(app, "Hämta tillbaka")
    assert len(kept()) == 1


@pytest.mark.parametrize(
    ("title", "focus", "told"),
    [
        ("", "Skolvägen", "värdet saknas"),
        ("Plan", "Ring 070-174 06 05", "telefonnummer"),
        ("Plan", "\n".join("abcdefghijklm"), "Fler än 12 fokusområden"),
    ],
)
def test_a_faulty_plan_is_told_and_nothing_is_kept(writer, title, focus, told):
    app = run(PAGE, insatsvy=efforts.PLANS)
    app.text_input[0].input(title)
    app.text_area[0].input(focus)
    press(app, "Spara planen")
    assert told in text(app)
    assert kept().empty


def test_two_who_change_one_plan_see_both_versions(writer):
    with store.open() as opened:
        opened.save_plan(plan(network_id="bu-boda"), "prov")
    app = run(PAGE, insatsvy=efforts.PLANS, plan_for="bu-boda", **{"plan_bu-boda": "p1"})
    with store.open() as opened:
        opened.save_plan({"plan_id": "p1", "title": "Åsas plan"}, "Åsa", 1)
    app.text_input[0].input("Bos plan")
    press(app, "Spara planen")
    assert "Två har ändrat planen samtidigt" in text(app)
    differ = tables(app)["Det som skiljer"].set_index("Fält")
    assert differ.loc["Planens namn"].tolist() == ["Bos plan", "Åsas plan"]
    press(app, "Spara min version")
    assert kept().at["p1", "title"] == "Bos plan"


def test_the_budget_per_person_is_known_for_every_network_where_population_is_loaded():
    app = show(efforts.BUDGET)
    table = next(t for caption, t in tables(app).items() if "folkmängd per basområde" in caption)
    assert len(table) == 20
    assert table["Kr per person"].ne("uppgift saknas").all()
    assert any(DEMO in caption for caption in tables(app) if "folkmängd" in caption)
    counted = table.set_index("Nätverk")["Räknat på"]
    assert counted["Nätverk barn och unga Boda"] == "10–16 år"
    assert counted["Områdesnätverk Norrby"] == "Alla"
