"""What was noted wrongly is mended: a walk's facts, and a finding's category, kind, light, day."""

from datetime import date, timedelta

import pandas as pd
import pytest

from geo import read
from pages.parts import field_controls as controls
from tests.geo.store.making import ROUTE, walk
from tests.pages.reader import run, tables, text
from tests.pages.test_two_writers import UNCHANGED, box, differ, do, press, write
from tests.pages.test_vandringar import finding

PAGE = "vandringar.py"
SHIPPED = "tv-2017-10-30-hulta"
TOMORROW = date.today() + timedelta(days=1)
MEND, PEOPLE = "Spara rättelsen", "Antal deltagare (metoden säger högst 20)"


@pytest.fixture(autouse=True)
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


def noted(**other):
    do(lambda o: o.save_findings(pd.DataFrame([finding("f-1", **other)]), "prov"))
    return run(PAGE, fynd="f-1")


def in_form(app, label):
    """The field of the form: the filters over the list have the same words and come first."""
    every = [*app.selectbox, *app.date_input, *app.text_area]
    return [element for element in every if element.label == label][-1]


def finding_now():
    return do(lambda o: o.findings()).loc["f-1"]


def opened_walk(walk_id="w1", **other):
    if walk_id != SHIPPED:
        do(lambda o: o.save_walk(walk(walk_id, **other), "prov"))
    return run(PAGE, vy=controls.REGISTER, vad=controls.ROUTE, fran_vandring=walk_id)


def walk_now(walk_id="w1"):
    return do(lambda o: o.walks()).loc[walk_id]


def test_what_was_noted_of_a_finding_is_mended_and_undone():
    app = noted()
    mended = {"Kategori": "vegetation", "Slag": "bra", "Ljus": "dagsljus"}
    for label, value in (mended | {"Noterat": date(2026, 2, 27)}).items():
        in_form(app, label).set_value(value)
    press(app, "Spara")
    assert "Ändringen är sparad" in text(app)
    row = finding_now()
    assert (row["category"], row["kind"], row["light"]) == ("vegetation", "bra", "dagsljus")
    assert row["observed_date"] == pd.Timestamp("2026-02-27")
    assert (row["status"], row["description"]) == ("noted", "Lampan vid trappan är släckt")
    press(app, "Ångra senaste ändringen")
    assert finding_now()["category"] == "belysning"


@pytest.mark.parametrize(
    ("label", "value", "told"),
    [
        ("Noterat", TOMORROW, "ligger i framtiden"),
        ("Noterat", date(1989, 12, 31), UNCHANGED),
        ("Beskrivning", "Ring 070-174 06 35", "telefonnummer"),
    ],
)
def test_a_finding_is_mended_with_the_checks_of_a_new_one(label, value, told):
    app = noted()
    in_form(app, label).set_value(value)
    press(app, "Spara")
    assert told in text(app)
    assert finding_now()["version"] == 1


def test_a_finding_that_is_followed_up_cannot_become_something_good():
    app = noted(status="owned", owner="Polisen")
    in_form(app, "Slag").set_value("bra")
    press(app, "Spara")
    assert "Det som är bra följs inte upp." in text(app)
    assert finding_now()["kind"] == "brist"


def test_a_walk_is_mended_and_keeps_its_id_its_route_and_its_findings():
    app = opened_walk(route=ROUTE)
    do(lambda o: o.save_findings(pd.DataFrame([finding("f-1", walk_id="w1")]), "prov"))
    assert (box(app, "Datum").value, box(app, "Nätverk").value) == (date(2026, 3, 2), "on-norrby")
    assert box(app, "Arrangörer, skilda med ; (organisationer)").value == "Polisen;AB Bostäder"
    write(app, Nätverk="on-bramhult", Plats_eller_område="Brämhult", Steg_i_metoden="4")
    write(app, Datum=date(2026, 2, 27), Ljus="dagsljus", Anmärkning="Regn")
    for label, value in (("Började (18:30)", "18.30"), ("Slutade (20:00)", "20:00"), (PEOPLE, 27)):
        box(app, label).set_value(value)
    press(app, MEND)
    assert "Vandringen är rättad. Metoden säger högst 20 deltagare; ni var 27." in text(app)
    row = walk_now()
    assert (row["network_id"], row["place"], row["step"]) == ("on-bramhult", "Brämhult", 4)
    assert (row["date"], row["light"]) == (pd.Timestamp("2026-02-27"), "dagsljus")
    assert (row["start_time"], row["end_time"], row["note"]) == ("18:30", "20:00", "Regn")
    assert (row["n_participants"], row["organisers"]) == (27, ("Polisen", "AB Bostäder"))
    assert row["route"] == ROUTE
    assert finding_now()["walk_id"] == "w1"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"Datum": TOMORROW}, "ligger i framtiden"),
        ({"Datum": date(1989, 12, 31)}, UNCHANGED),
        ({"Nätverk": "", "Plats eller område": ""}, "Nätverk och plats saknas"),
        ({"Började (18:30)": "20:00", "Slutade (20:00)": "18:30"}, "före början"),
        ({"Började (18:30)": "halv sju"}, "klockslag"),
        ({"Anmärkning": "Ring 070-174 06 35"}, "telefonnummer"),
    ],
)
def test_a_walk_is_mended_with_the_checks_of_a_new_one(values, told):
    app = opened_walk()
    write(app, **values)
    press(app, MEND)
    assert told in text(app)
    assert walk_now()["version"] == 1


def test_a_walk_that_ships_is_taken_in_when_it_is_mended():
    app = opened_walk(SHIPPED)
    press(app, MEND)
    assert UNCHANGED in text(app)
    assert do(lambda o: o.walks()).empty
    box(app, PEOPLE).set_value(14)
    press(app, MEND)
    assert "Vandringen är rättad." in text(app)
    row = walk_now(SHIPPED)
    assert (row["n_participants"], row["version"]) == (14, 2)
    assert row["date"] == pd.Timestamp("2017-10-30")
    assert "ar2017" in row["source"]
    assert pd.isna(row["step"])


def test_a_fact_that_was_assumed_is_known_when_it_is_mended():
    app = opened_walk("w1", assumed=("network_id", "place"))
    write(app, Nätverk="on-bramhult")
    press(app, MEND)
    assert walk_now()["assumed"] == ("place",)


@pytest.mark.parametrize("walk_id", ["w1", SHIPPED])
def test_two_who_mend_one_walk_are_told_and_both_are_kept(walk_id):
    app = opened_walk(walk_id)

    def other(opened):
        shipped = read.walks()[0]
        opened.adopt_walks(shipped[shipped.index == walk_id])
        opened.save_walk({"walk_id": walk_id, "place": "Åsas", "note": "Regn"}, "Åsa", 1)

    do(other)
    write(app, Plats_eller_område="Bos", **{PEOPLE: 12})
    press(app, MEND)
    assert "Två har ändrat vandringen samtidigt." in text(app)
    shown = differ(app)
    assert shown.index.tolist() == ["Plats eller område"]
    assert shown.loc["Plats eller område"].tolist() == ["Bos", "Åsas"]
    assert "Det den andra har ändrat i Anmärkning står kvar." in text(app)
    press(app, "Spara min version")
    row = walk_now(walk_id)
    assert (row["place"], row["note"], row["n_participants"]) == ("Bos", "Regn", 12)
    assert "Det som skiljer" not in tables(app)


def test_a_walk_that_is_saved_is_the_chosen_one_and_the_next_step_is_told():
    app = run(PAGE, vy=controls.REGISTER, vad=controls.WALK)
    write(app, Nätverk="on-norrby", Plats_eller_område="Norrby", **{PEOPLE: 27})
    press(app, "Spara vandringen")
    said = text(app)
    assert "är sparad. Registrera fynden under Ett fynd eller Många fynd." in said
    assert "Metoden säger högst 20 deltagare; ni var 27." in said
    walk_id = do(lambda o: o.walks()).index[0]
    for what in (controls.ONE, controls.MANY, controls.ROUTE):
        choice = next(c for c in [*app.radio, *app.button_group] if what in c.options)
        choice.set_value(what)
        app.run()
        assert not app.exception
        assert box(app, "Vandring").value == walk_id


def test_twenty_are_not_too_many():
    app = run(PAGE, vy=controls.REGISTER, vad=controls.WALK)
    write(app, Nätverk="on-norrby", **{PEOPLE: 20})
    press(app, "Spara vandringen")
    assert "är sparad" in text(app)
    assert "Metoden säger" not in text(app)
