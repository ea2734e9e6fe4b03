"""The page Möten: each part alone, the real year 2017, and what people put in."""

import pandas as pd
import pytest
from icalendar import Calendar

from geo import gather, read, store
from pages.parts import data, meeting_calendar, meeting_controls, work
from tests.geo.store.making import DAY, decision, meeting, meetings, plan
from tests.pages.reader import run, tables, text

PAGE = "moten.py"
VIEWS = tuple(meeting_controls.VIEWS)
YEAR = "2017"


def shown(**asked):
    return run(PAGE, **asked)


def table_of(app, part):
    return next(table for caption, table in tables(app).items() if part in caption)


def keep(*rows, decisions=()):
    with store.open() as opened:
        if rows:
            opened.save_meetings(meetings(*rows), "prov")
        for made in decisions:
            opened.save_decision(made, "prov", read.meetings()[0])


def kept():
    with store.open() as opened:
        return opened.meetings()


@pytest.fixture
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("may_write", [False, True])
@pytest.mark.parametrize("is_used", [False, True])
def test_every_part_runs_alone(view, may_write, is_used, monkeypatch):
    if may_write:
        monkeypatch.setenv("LAGESBILD_WRITE", "yes")
    if is_used:
        keep(meeting(), decisions=[decision()])
    assert "Möten" in text(shown(mote_vy=view, mote="m1" if is_used else None))


@pytest.mark.parametrize("view", VIEWS)
def test_without_any_meetings_every_part_says_what_to_do(view, other_data):
    path = other_data / "meetings.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    app = shown(mote_vy=view)
    if view == meeting_controls.CALENDAR:
        assert "Inga möten är inlagda för" in text(app)
        assert "Lägg in möten under Lägg in" in text(app)


def test_the_year_2017_is_judged_by_the_guideline_of_its_time():
    app = shown()
    said = text(app)
    assert "**2017:** 3 av 8 barn och unga höll takten i båda terminerna" in said
    assert "(Boda, Dalsjöfors och Norrby)" in said
    assert "7 av 7 områdesnätverk höll takten" in said
    assert "G1: 3–4 möten per termin (barn och unga, 2017–2020, slutdatum antaget)" in said
    cadence = table_of(app, "mot riktlinjen").set_index("Nätverk")
    assert len(cadence) == 20
    assert cadence.at["Nätverk barn och unga Boda", "VT 2017"].endswith("uppfyllt (5 av minst 3)")
    assert "ingen riktlinje" in cadence.at["Ortsråd Fristad", "VT 2017"]


def test_another_guideline_can_be_tried_and_is_named():
    said = text(shown(riktlinje="G2"))
    assert "Prövas mot G2: 2–3 möten per termin" in said
    assert "**2017:** 5 av 8 barn och unga" in said
    assert "7 av 7 områdesnätverk" in said


def test_sjobo_is_unsure_and_not_scored():
    app = shown()
    assert "**Osäkert och inte räknat:** Nätverk barn och unga Sjöbo" in text(app)
    row = table_of(app, "mot riktlinjen").set_index("Nätverk").loc["Nätverk barn och unga Sjöbo"]
    for term in ("VT 2017", "HT 2017"):
        assert "osäkert" in row[term]
        assert "uppfyllt" not in row[term]
        assert "efter" not in row[term]
    assert "Områdesnätverk Sjöbo" in row["Osäkert"]


def test_the_calendar_shows_every_meeting_of_the_year_once():
    app = shown()
    found = 0
    for term in ("vårterminen", "höstterminen"):
        table = table_of(
            app, f"{term.title()} 2017" if term == "x" else f"{term.capitalize()} 2017"
        )
        rows = [row for row in table.to_numpy()[1:] if row[0] != row[1]]  # but names of kinds
        found += sum(len(cell.split()) for row in rows for cell in row[1:])
    assert found == len(read.meetings()[0])
    listed = table_of(app, "Möten 2017")
    assert len(listed) == len(read.meetings()[0])
    eighteenth = listed[listed["Datum"] == "2017-05-18"]
    assert len(eighteenth) == 5
    assert (eighteenth["Läge"] == "fler möts samma dag").all()


def test_the_worst_day_of_2017_is_the_18th_of_may():
    app = shown(mote_vy=meeting_controls.CLASHES, mote_ar=YEAR)
    said = text(app)
    assert "28 dagar" in said
    assert "2017-05-18" in said
    table = table_of(app, "tyngst först")
    assert len(table) == 28
    assert table.iloc[0][["Datum", "Antal", "Belastning"]].tolist() == ["2017-05-18", "5", "6"]


def test_suggested_days_are_put_in_and_taken_away_again(writer):
    app = shown(mote_vy=meeting_controls.CLASHES)
    button = next(b for b in app.button if "Lägg in" in b.label)
    button.click().run()
    assert not app.exception
    put_in = kept()
    assert len(put_in) >= 2 * 9
    assert (put_in["date"] > work.today()).all()
    assert "inga fler dagar behövs" in text(app)
    next(b for b in app.button if b.label.startswith("Ångra: ta bort")).click().run()
    assert kept().empty
    next(b for b in app.button if "Lägg in" in b.label).click().run()  # the ids are taken by now
    assert len(kept()) == len(put_in)


def test_a_meeting_is_put_in_by_the_form(writer):
    app = shown(mote_vy=meeting_controls.ADD)
    app.selectbox[0].select("on-norrby")
    app.text_input[0].input("9:00")
    app.text_area[0].input("Lägesbild")
    next(b for b in app.button if b.label == "Lägg in mötet").click().run()
    assert not app.exception
    row = kept().iloc[0]
    assert (row["network_id"], row["start_time"], row["agenda"]) == (
        "on-norrby",
        "09:00",
        "Lägesbild",
    )
    assert "är inlagt" in text(app)


@pytest.mark.parametrize(
    ("network", "fields", "told"),
    [
        ("on-norrby", {"text_input": "25:00"}, "ett klockslag väntades"),
        ("on-norrby", {"text_area": "Ring 070-174 06 05"}, "telefonnummer"),
        ("on-norrby", {"text_area": "811228-9874"}, "personnummer"),
    ],
)
def test_a_faulty_meeting_is_told_and_nothing_is_kept(writer, network, fields, told):
    app = shown(mote_vy=meeting_controls.ADD)
    app.selectbox[0].select(network)
    for name, value in fields.items():
        getattr(app, name)[0].input(value)
    next(b for b in app.button if b.label == "Lägg in mötet").click().run()
    assert told in text(app)
    assert kept().empty


def test_a_meeting_of_a_resting_network_is_kept_and_told(writer):
    app = shown(mote_vy=meeting_controls.ADD)
    app.selectbox[0].select("on-trandared")
    next(b for b in app.button if b.label == "Lägg in mötet").click().run()
    assert "Obs: Nätverket är vilande" in text(app)
    assert len(kept()) == 1


def test_attendance_is_noted_on_a_shipped_meeting(writer):
    meeting_id = "2017-01-26-bu-boda"
    app = shown(mote_vy=meeting_controls.MEETING, mote=meeting_id)
    assert "Närvaro är inte noterad." in text(app)
    names = [n.label for n in app.number_input]
    assert names == ["Skola", "Fritid", "Kultur", "IFO/Fält", "Polis"]
    app.number_input[0].set_value(3)
    app.number_input[4].set_value(0)
    next(b for b in app.button if b.label == "Spara").click().run()
    assert not app.exception
    assert kept().at[meeting_id, "present"] == ("Skola:3", "Polis:0")
    assert "**På plats:** Skola (3)." in text(app)
    assert "**Saknades:** Polis." in text(app)
    assert "Inte noterat: Fritid, Kultur och IFO/Fält." in text(app)


def test_two_who_change_one_meeting_see_both_versions(writer):
    keep(meeting())
    app = shown(mote_vy=meeting_controls.MEETING, mote="m1")
    with store.open() as opened:
        opened.change_meeting("m1", {"agenda": "Åsas"}, 1, "Åsa")
    app.text_area[0].input("Bos")
    next(b for b in app.button if b.label == "Spara").click().run()
    assert "Någon annan (Åsa) har ändrat mötet" in text(app)
    differ = table_of(app, "Det som skiljer")
    assert differ.set_index("Fält").loc["Dagordning"].tolist() == ["Bos", "Åsas"]
    next(b for b in app.button if b.label == "Spara min version").click().run()
    assert kept().at["m1", "agenda"] == "Bos"


def test_a_decision_is_put_in_on_its_meeting_and_followed(writer):
    keep(meeting())
    app = shown(mote_vy=meeting_controls.MEETING, mote="m1")
    area = next(a for a in app.text_area if a.label == "Vad beslutades?")
    area.input("Fler vuxna ute på kvällar")
    next(b for b in app.button if b.label == "Spara beslutet").click().run()
    assert "Beslutet saknar ansvarig" in text(app)  # and nothing is kept
    with store.open() as opened:
        assert opened.decisions().empty
    owner = next(s for s in app.selectbox if s.label.startswith("Ansvarig"))
    assert "AB Bostäder" in owner.options
    assert [name for name in owner.options if name.startswith("Polis")] == ["Polis"]  # once
    owner.select("Fritid")
    next(b for b in app.button if b.label == "Spara beslutet").click().run()
    assert not app.exception
    with store.open() as opened:
        made = opened.decisions().iloc[0]
    assert (made["owner"], made["meeting_id"], made["status"]) == ("Fritid", "m1", "decided")
    assert made["decided_date"] == DAY


def test_the_list_of_decisions_says_what_is_late_and_which_priorities_have_none(writer):
    keep(meeting(), decisions=[decision()])
    app = shown(mote_vy=meeting_controls.DECISIONS, beslut="b1")
    said = text(app)
    assert "**1 beslut**: 1 öppet, **varav 1 försenat**" in said
    assert "Utan öppet beslut:" in said
    table = table_of(app, "Beslut, de som väntar först")
    assert table.iloc[0]["Läge"] == "försenat"
    states = table_of(app, "Prioriteringar").set_index("Prioritering")["Läge"]
    assert states["Trygga offentliga miljöer"] == "har beslut"
    assert (states == "inget öppet beslut").sum() == 6
    assert "Beslutat 2026-03-02" in said
    next(s for s in app.selectbox if s.label == "Nästa steg").select("done")
    next(b for b in app.button if b.label == "Spara").click().run()
    assert not app.exception
    with store.open() as opened:
        assert opened.decisions().at["b1", "status"] == "done"


def test_the_goals_say_what_nobody_has_registered():
    app = shown(mote_vy=meeting_controls.GOALS, mote_ar=YEAR)
    said = text(app)
    assert "underlag för 1 av fem mål" in said
    total = table_of(app, "alla nätverk tillsammans").set_index("Mål")
    assert total.at["Beslut i tid", "2017"] == "inget registrerat"
    each = table_of(app, "per nätverk").set_index("Nätverk")
    assert each.at["Ortsråd Fristad", "Möten i takt"] == "gäller inte"
    assert each.at["Nätverk barn och unga Boda", "Möten i takt"] == "2 av 2"
    assert "osäkert" in each.at["Nätverk barn och unga Sjöbo", "Möten i takt"]
    defined = table_of(app, "Förslag till mätbara mål")
    assert len(defined) == 5
    assert (defined["Mottagare"] != "").all()


def test_the_calendar_file_follows_what_people_change():
    known = gather.work(data.register(), "prov")
    before = Calendar.from_ical(meeting_calendar.calendar_file(known, 2017, ""))
    assert len(before.walk("VEVENT")) == len(read.meetings()[0])
    with store.open() as opened:
        gone = "2017-01-26-bu-boda"
        opened.remove_meeting(gone, None, "prov", shipped=read.meetings()[0])
        opened.change_meeting("2017-03-16-bu-boda", {"start_time": "13:00"}, None, "prov", read.meetings()[0])  # fmt: skip # noqa: E501
    known = gather.work(data.register(), "prov 2")
    after = {
        str(e["UID"]): e
        for e in Calendar.from_ical(meeting_calendar.calendar_file(known, 2017, "bu-boda")).walk(
            "VEVENT"
        )
    }
    old = {str(e["UID"]): e for e in before.walk("VEVENT")}
    assert set(after) <= set(old)
    cancelled = next(e for uid, e in after.items() if uid.startswith(gone))
    assert str(cancelled["STATUS"]) == "CANCELLED"
    moved = next(e for uid, e in after.items() if uid.startswith("2017-03-16"))
    assert int(moved["SEQUENCE"]) > int(old[str(moved["UID"])]["SEQUENCE"])
    assert moved.decoded("DTSTART").hour == 13


def test_a_schedule_of_ten_years_is_looked_at_first():
    days = pd.date_range("2026-01-08", "2035-12-31", freq="28D")
    rows = [meeting(f"x{n}", date=day) for n, day in enumerate(days)]
    keep(*rows)
    app = shown(mote_ar="2035")
    assert "2035" in text(app)
    assert len(table_of(app, "Möten 2035")) == sum(days.year == 2035)


def test_a_plan_with_focus_areas_is_counted_of_twenty():
    with store.open() as opened:
        opened.save_plan(plan(), "prov")
    app = shown(mote_vy=meeting_controls.GOALS, mote_ar="2026")
    total = table_of(app, "alla nätverk tillsammans").set_index("Mål")
    assert total.at["Utvecklingsplan med fokusområden", "Uppnått"] == "1 av 20"


def press(app, label):
    next(b for b in app.button if b.label == label).click().run()
    assert not app.exception


def test_a_decision_on_a_shipped_meeting_leaves_the_meeting_open(writer):
    meeting_id = "2017-12-08-bu-boda"
    app = shown(mote_vy=meeting_controls.MEETING, mote=meeting_id)
    agenda = next(a for a in app.text_area if a.label == "Dagordning")
    agenda.input("Halvskriven")
    next(a for a in app.text_area if a.label == "Vad beslutades?").input("Fler vuxna ute")
    next(s for s in app.selectbox if s.label.startswith("Ansvarig")).select("Fritid")
    press(app, "Spara beslutet")
    assert "Någon annan har ändrat mötet" not in text(app)
    assert "Fler vuxna ute" in text(app)
    press(app, "Spara")
    assert kept().at[meeting_id, "version"] >= 1


def test_planned_meetings_are_not_reached_goals(writer):
    app = shown(mote_vy=meeting_controls.CLASHES)
    next(b for b in app.button if "Lägg in" in b.label).click().run()
    year = str(work.today().year + 1)
    app = shown(mote_vy=meeting_controls.GOALS, mote_ar=year)
    assert "takten går inte att bedöma" in text(app)
    app = shown(mote_ar=year)
    rows = table_of(app, "mot riktlinjen").set_index("Nätverk")
    boda = rows.at["Nätverk barn och unga Boda", f"VT {year}"]
    assert boda == "◐◐ pågår (0 + 2 planerade av minst 2)"
    assert "takten kan inte bedömas än" in text(app)


def test_a_decision_waits_until_the_meeting_has_been(writer):
    keep(meeting("m2", date=work.today() + pd.Timedelta(days=8)))
    app = shown(mote_vy=meeting_controls.MEETING, mote="m2")
    assert "Beslut läggs in när mötet har varit." in text(app)
    assert "Närvaron noteras när mötet har varit." in text(app)


def test_a_meeting_that_another_one_removes_keeps_the_text(writer):
    keep(meeting())
    app = shown(mote_vy=meeting_controls.MEETING, mote="m1")
    with store.open() as opened:
        opened.remove_meeting("m1", 1, "Åsa")
    app.text_area[0].input("Min dagordning")
    press(app, "Spara")
    assert "Mötet är borttaget." in text(app)
    differ = table_of(app, "Det som skiljer").set_index("Fält")
    assert differ.loc["Dagordning", "Du skrev"] == "Min dagordning"
    press(app, "Hämta tillbaka mötet")
    assert kept().index.tolist() == ["m1"]


def test_a_year_with_removed_meetings_alone_still_gives_its_file(writer):
    day = work.today() + pd.Timedelta(days=400)
    keep(meeting("m9", date=day))
    with store.open() as opened:
        opened.remove_meeting("m9", 1, "prov")
    app = shown(mote_ar=str(day.year))
    assert "att ta ut" not in text(app)
    known = gather.work(data.register(), "borttaget")
    event = Calendar.from_ical(meeting_calendar.calendar_file(known, day.year, "")).walk("VEVENT")[
        0
    ]
    assert str(event["STATUS"]) == "CANCELLED"


def test_the_same_network_twice_a_day_and_a_holiday_are_told(writer):
    keep(meeting("m1", date=pd.Timestamp("2026-12-25"), network_id="bu-boda"))
    app = shown(mote_vy=meeting_controls.ADD)
    app.date_input[0].set_value(pd.Timestamp("2026-12-25").date())
    press(app, "Lägg in mötet")
    assert "Nätverket har redan ett möte den dagen" in text(app)
    assert "Dagen är ledig (Juldagen)" in text(app)
    assert len(kept()) == 2


@pytest.mark.parametrize("year", ["17", "abc", "1066"])
def test_a_year_that_is_none_opens_the_latest_with_meetings(year):
    assert "**2017:**" in text(shown(mote_ar=year))


def test_undo_goes_back_step_by_step(writer):
    keep(meeting())
    with store.open() as opened:
        opened.change_meeting("m1", {"agenda": "B"}, 1, "prov")
        opened.change_meeting("m1", {"agenda": "C"}, 2, "prov")
    app = shown(mote_vy=meeting_controls.MEETING, mote="m1")
    for agenda in ("B", "Lägesbild"):
        press(app, "Ångra senaste ändringen")
        assert kept().at["m1", "agenda"] == agenda
    press(app, "Ångra senaste ändringen")
    assert "inget mer att ångra" in text(app)


@pytest.mark.parametrize("kind", ["finding", "indicator", "development_area"])
def test_a_decision_is_linked_to_what_it_is_about(writer, kind):
    keep(meeting())
    if kind == "finding":
        from tests.pages.test_vandringar import finding

        with store.open() as opened:  # in Hässleholmen väst, which lies in bu-boda
            place = {"x": None, "y": None, "base_area_id": "1490R019"}
            opened.save_findings(pd.DataFrame([finding(**place)]), "prov")
    app = shown(mote_vy=meeting_controls.MEETING, mote="m1")
    next(s for s in app.selectbox if s.label == "Gäller").select(kind).run()
    assert not app.exception
    next(a for a in app.text_area if a.label == "Vad beslutades?").input("Fler vuxna ute")
    next(s for s in app.selectbox if s.label.startswith("Ansvarig")).select("Fritid")
    press(app, "Spara beslutet")
    with store.open() as opened:
        made = opened.decisions().iloc[0]
    assert made["link_kind"] == kind
    known = {
        "finding": {"fynd-a1b2c3"},
        "indicator": set(data.register().indicators.index),
        "development_area": set(read.register("development_areas")["area_id"]),
    }
    assert made["link_id"] in known[kind]
    listed = table_of(shown(mote_vy=meeting_controls.DECISIONS), "Beslut, de som väntar först")
    assert listed.iloc[0]["Gäller"] != "–"
