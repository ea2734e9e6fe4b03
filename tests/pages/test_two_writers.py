"""Two who have the same row open: each sends only what he changed, and nobody's text is lost."""

import pandas as pd
import pytest

from geo import read, store
from pages.parts import efforts, keeping, meeting_controls
from tests.geo.store.making import decision, meeting, meetings, plan
from tests.pages.reader import run, tables, text
from tests.pages.test_vandringar import finding

FIELD, MEETINGS, EFFORTS = "vandringar.py", "moten.py", "insatser.py"
MINE, REST, THEIRS = "Spara min version", "Spara bara det som inte krockar", "Behåll den andras"
TWO = "samtidigt. Inget av det du skrev har gått förlorat."
UNCHANGED = "Inget var ändrat, så inget sparades."
BOTH = "krockar inte med det den andra har ändrat: sparar du din version finns båda kvar."


@pytest.fixture(autouse=True)
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


def do(act):
    with store.open() as opened:
        return act(opened)


def noted(**other):
    do(lambda o: o.save_findings(pd.DataFrame([finding("f-1", **other)]), "prov"))
    return run(FIELD, fynd="f-1")


def theirs(version=1, **cells):
    do(lambda o: o.change_finding("f-1", cells, version, "Åsa"))


def kept():
    return do(lambda o: o.findings()).loc["f-1"]


def box(app, label):
    every = [*app.text_area, *app.text_input, *app.selectbox, *app.date_input, *app.number_input]
    return next(element for element in every if element.label == label)


def write(app, **values):
    for label, value in values.items():
        box(app, label.replace("_", " ")).set_value(value)


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception
    return app


def buttons(app):
    return [button.label for button in app.button]


def differ(app):
    return tables(app)["Det som skiljer"].set_index("Fält")


def test_an_answer_and_a_description_both_stay():
    app = noted(status="owned", owner="AB Bostäder")
    theirs(answer="Lampan byts i maj")
    write(app, Beskrivning="Två lampor är släckta")
    press(app, "Spara")
    assert TWO in text(app)
    assert f"Det du har ändrat i Beskrivning {BOTH}" in text(app)
    assert "Det den andra har ändrat i Svar står kvar." in text(app)
    assert "Det som skiljer" not in tables(app)
    press(app, MINE)
    assert "Din version är sparad" in text(app)
    assert TWO not in text(app)
    row = kept()
    assert (row["answer"], row["description"]) == ("Lampan byts i maj", "Två lampor är släckta")


def test_an_owner_and_a_description_both_stay():
    app = noted()
    theirs(status="owned", owner="Polisen")
    write(app, Beskrivning="Två lampor är släckta")
    press(app, "Spara")
    assert "Det den andra har ändrat i Status och Ansvarig står kvar." in text(app)
    press(app, MINE)
    assert "Din version är sparad" in text(app)
    row = kept()
    assert (row["status"], row["owner"]) == ("owned", "Polisen")
    assert row["description"] == "Två lampor är släckta"


def test_both_changed_the_same_field_mine_is_kept_and_theirs_is_in_the_history():
    app = noted()
    theirs(description="Åsas text", light="dagsljus")
    write(app, Beskrivning="Min text", Slag_av_åtgärd="drift")
    press(app, "Spara")
    shown = differ(app)
    assert shown.index.tolist() == ["Beskrivning"]
    assert shown.loc["Beskrivning"].tolist() == ["Min text", "Åsas text"]
    assert f"Det du har ändrat i Åtgärd {BOTH}" in text(app)
    assert "Det den andra har ändrat i Ljus står kvar." in text(app)
    press(app, MINE)
    row = kept()
    assert (row["description"], row["light"], row["action"]) == ("Min text", "dagsljus", "drift")
    assert "Åsas text" in "".join(do(lambda o: o.audit("f-1"))["before"].fillna(""))


def test_what_does_not_clash_can_be_kept_alone_and_the_panel_stays_until_one_has_chosen():
    app = noted()
    theirs(description="Åsas text")
    write(app, Beskrivning="Min text", Slag_av_åtgärd="drift")
    press(app, "Spara")
    press(app, REST)
    assert (kept()["description"], kept()["action"]) == ("Åsas text", "drift")
    assert differ(app).loc["Beskrivning", "Du skrev"] == "Min text"
    press(app, THEIRS)
    assert TWO not in text(app)
    assert kept()["description"] == "Åsas text"


def test_a_step_that_is_no_longer_allowed_is_told_and_nothing_has_to_be_written_again():
    app = noted(status="owned", owner="Polisen")
    theirs(status="done", done_date=pd.Timestamp("2026-03-02"))
    write(app, Nästa_steg="declined", **{"Svar från den ansvariga (vid nej: varför)": "För dyrt"})
    press(app, "Spara")
    assert differ(app).loc["Status"].tolist() == ["Avslagen", "Åtgärdad"]
    press(app, MINE)
    assert "Från åtgärdad går det inte direkt till avslagen." in text(app)
    assert differ(app).loc["Status"].tolist() == ["Avslagen", "Åtgärdad"]
    press(app, REST)
    row = kept()
    assert (row["status"], row["answer"]) == ("done", "För dyrt")
    assert row["done_date"] == pd.Timestamp("2026-03-02")


def test_a_step_over_a_newer_version_keeps_the_days_of_the_other():
    app = noted(status="owned", owner="Polisen")
    theirs(status="answered", answered_date=pd.Timestamp("2026-03-02"), answer="Ja")
    write(app, Nästa_steg="done", Datum_för_steget=pd.Timestamp("2026-03-05").date())
    press(app, "Spara")
    press(app, MINE)
    row = kept()
    assert row["status"] == "done"
    assert row["answered_date"] == pd.Timestamp("2026-03-02")
    assert row["done_date"] == pd.Timestamp("2026-03-05")
    assert row["answer"] == "Ja"


def test_saving_the_form_unchanged_says_so_and_the_conflict_stays():
    app = noted()
    press(app, "Spara")
    assert UNCHANGED in text(app)
    theirs(description="Åsas text")
    write(app, Beskrivning="Min text")
    press(app, "Spara")
    press(app, "Spara")
    assert UNCHANGED in text(app)
    assert differ(app).loc["Beskrivning", "Du skrev"] == "Min text"


def test_a_third_writer_is_told_of_too_and_what_was_written_first_is_still_there():
    app = noted()
    theirs(description="Åsas text")
    write(app, Beskrivning="Min text")
    press(app, "Spara")
    theirs(2, description="Cias text", action="plan")
    write(app, Slag_av_åtgärd="drift")
    press(app, "Spara")
    shown = differ(app)
    assert shown.loc["Beskrivning"].tolist() == ["Min text", "Cias text"]
    assert shown.loc["Åtgärd"].tolist() == ["Drift", "Framtida planering"]
    press(app, MINE)
    assert (kept()["description"], kept()["action"]) == ("Min text", "drift")


def test_a_decision_keeps_what_the_other_changed():
    do(lambda o: o.save_meetings(meetings(meeting()), "prov"))
    do(lambda o: o.save_decision(decision(), "prov", read.meetings()[0]))
    app = run(MEETINGS, mote_vy=meeting_controls.DECISIONS, beslut="b1")
    press(app, "Spara")
    assert UNCHANGED in text(app)
    do(lambda o: o.change_decision("b1", {"status": "started", "outcome": "Igång"}, 1, "Åsa"))
    write(app, Beslut="Fler vuxna ute på kvällen")
    press(app, "Spara")
    assert f"Det du har ändrat i Beslut {BOTH}" in text(app)
    assert "Det den andra har ändrat i Status och Utfall står kvar." in text(app)
    press(app, MINE)
    row = do(lambda o: o.decisions()).loc["b1"]
    assert (row["decision"], row["status"]) == ("Fler vuxna ute på kvällen", "started")
    assert (row["outcome"], row["priority_id"]) == ("Igång", "3")


def test_a_decision_that_both_changed_shows_both_and_a_step_takes_its_day_along():
    do(lambda o: o.save_meetings(meetings(meeting()), "prov"))
    do(lambda o: o.save_decision(decision(), "prov", read.meetings()[0]))
    app = run(MEETINGS, mote_vy=meeting_controls.DECISIONS, beslut="b1")
    day = pd.Timestamp("2026-03-03")
    changes = {"status": "done", "done_date": day, "outcome": "Klart nu"}
    do(lambda o: o.change_decision("b1", changes, 1, "Åsa"))
    write(app, Nästa_steg="started")
    box(app, "Utfall (vid avskrivet: varför)").set_value("Halvvägs")
    press(app, "Spara")
    assert differ(app).loc["Utfall"].tolist() == ["Halvvägs", "Klart nu"]
    press(app, MINE)
    row = do(lambda o: o.decisions()).loc["b1"]
    assert (row["status"], row["outcome"]) == ("started", "Halvvägs")
    assert pd.isna(row["done_date"])


def test_a_meeting_keeps_what_the_other_changed():
    do(lambda o: o.save_meetings(meetings(meeting()), "prov"))
    app = run(MEETINGS, mote_vy=meeting_controls.MEETING, mote="m1")
    press(app, "Spara")
    assert UNCHANGED in text(app)
    changes = {"agenda": "Åsas", "date": pd.Timestamp("2026-03-09"), "counts_for_cadence": False}
    do(lambda o: o.change_meeting("m1", changes, 1, "Åsa"))
    write(app, **{"Plats (lokal, ort)": "Kulturhuset"})
    press(app, "Spara")
    assert f"Det du har ändrat i Plats {BOTH}" in text(app)
    said = "Det den andra har ändrat i Datum, Räknas i takten och Dagordning står kvar."
    assert said in text(app)
    press(app, MINE)
    row = do(lambda o: o.meetings()).loc["m1"]
    assert (row["agenda"], row["place"], row["present"][0]) == ("Åsas", "Kulturhuset", "Skola:2")
    assert row["date"] == pd.Timestamp("2026-03-09")
    assert not row["counts_for_cadence"]


def test_two_halves_of_a_meeting_that_do_not_fit_are_told():
    times = {"start_time": "17:00", "end_time": "19:00"}
    do(lambda o: o.save_meetings(meetings(meeting(**times)), "prov"))
    app = run(MEETINGS, mote_vy=meeting_controls.MEETING, mote="m1")
    changes = {"start_time": "18:30", "agenda": "Åsas"}
    do(lambda o: o.change_meeting("m1", changes, 1, "Åsa"))
    box(app, "Slutar (12:00)").set_value("18.00")
    press(app, "Spara")
    press(app, MINE)
    assert "ligger före början (18" in text(app)
    assert TWO in text(app)
    assert do(lambda o: o.meetings()).at["m1", "end_time"] == "19:00"


def test_a_meeting_that_both_changed_shows_only_that():
    do(lambda o: o.save_meetings(meetings(meeting()), "prov"))
    app = run(MEETINGS, mote_vy=meeting_controls.MEETING, mote="m1")
    do(lambda o: o.change_meeting("m1", {"agenda": "Åsas", "place": "Sim"}, 1, "Åsa"))
    write(app, Dagordning="Bos")
    press(app, "Spara")
    assert differ(app).index.tolist() == ["Dagordning"]
    press(app, MINE)
    row = do(lambda o: o.meetings()).loc["m1"]
    assert (row["agenda"], row["place"]) == ("Bos", "Sim")
    assert "Åsas" in "".join(do(lambda o: o.audit("m1"))["before"].fillna(""))


def test_a_plan_keeps_what_the_other_changed():
    do(lambda o: o.save_plan(plan(), "prov"))
    key = {"plan_bu-boda": "p1"}
    app = run(EFFORTS, insatsvy=efforts.PLANS, plan_for="bu-boda", **key)
    press(app, "Spara planen")
    assert UNCHANGED in text(app)
    do(lambda o: o.save_plan({"plan_id": "p1", "focus_areas": ("Skolvägen",)}, "Åsa", 1))
    write(app, Planens_namn="Bos plan")
    press(app, "Spara planen")
    assert "Det den andra har ändrat i Fokusområden står kvar." in text(app)
    press(app, MINE)
    row = do(lambda o: o.plans()).loc["p1"]
    assert (row["title"], row["focus_areas"]) == ("Bos plan", ("Skolvägen",))
    assert row["priority_ids"] == ("1", "3")


def test_only_what_is_other_than_in_the_row_is_changed():
    row = pd.Series(
        {"a": "", "b": pd.NaT, "c": pd.Timestamp("2026-03-01"), "d": ("x", "y"), "e": 2.0, "f": "z"}
    )
    day = pd.Timestamp("2026-03-01")
    same = {"a": None, "b": "", "c": day.date(), "d": "x;y", "e": 2, "g": ""}
    assert keeping.changed(row, same | {"c": "2026-03-01"}) == {}
    assert keeping.changed(row, same) == {}
    assert keeping.changed(row, same | {"f": ""}) == {"f": ""}
    assert keeping.changed(row, {"c": None}) == {"c": None}
