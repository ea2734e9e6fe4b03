"""The page Trygghetsvandringar: each part alone, empty, read-only, and what it lets people do."""

from datetime import date

import pandas as pd
import pytest

from geo import read, store
from geo.sources import DEMO_MARK
from pages.parts import data, field_answers, field_figures, field_sheets, field_tables
from pages.parts import field_controls as controls
from tests.pages.reader import map_script, run, tables, text

PAGE = "vandringar.py"
DAY = pd.Timestamp("2026-03-01")
VIEWS = (
    controls.MAP,
    controls.BOARD,
    controls.NETWORKS,
    controls.CHANGED,
    controls.REGISTER,
    controls.FILES,
)


def finding(finding_id="fynd-a1b2c3", **other):
    known = {
        "finding_id": finding_id,
        "walk_id": "",
        "observed_date": DAY,
        "light": "mörker",
        "kind": "brist",
        "category": "belysning",
        "description": "Lampan vid trappan är släckt",
        "status": "noted",
        "owner": "",
        "x": 376740.0,
        "y": 6399899.0,
        "answer": "",
        "action": "",
        "place": "",
        "base_area_id": "",
        "source": "",
    }
    return known | other


def keep(*rows, walks=()):
    with store.open() as opened:
        for walk in walks:
            opened.save_walk(walk, "prov")
        if rows:
            opened.save_findings(pd.DataFrame(list(rows)), "prov")


def kept():
    with store.open() as opened:
        return opened.findings()


@pytest.fixture
def writer(monkeypatch):
    monkeypatch.setenv("LAGESBILD_WRITE", "yes")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("may_write", [False, True])
def test_every_part_runs_alone(view, may_write, monkeypatch):
    if may_write:
        monkeypatch.setenv("LAGESBILD_WRITE", "yes")
    app = run(PAGE, vy=view)
    assert "Trygghetsvandringar" in text(app)


def test_the_demonstration_is_marked_everywhere_and_can_be_left_out():
    app = run(PAGE)
    assert DEMO_MARK in app.warning[0].value
    assert all(DEMO_MARK in caption for caption in tables(app))
    real = run(PAGE, underlag="utan")
    assert DEMO_MARK not in text(real)
    assert "Inga fynd är registrerade ännu" in text(real)
    assert "**12 vandringar** 2016–2022" in text(real)


def test_without_any_findings_the_page_says_what_to_do(other_data):
    for path in (other_data / "demo").glob("*.csv"):
        path.unlink()
    app = run(PAGE)
    assert "Inga fynd är registrerade ännu" in text(app)
    assert "Registrera" in text(app)


def test_the_first_real_finding_replaces_the_made_up_ones():
    keep(finding())
    app = run(PAGE)
    assert DEMO_MARK not in text(app)
    assert "**1 fynd**: 1 brist väntar på någon" in text(app)
    listed = next(iter(tables(app).values()))
    assert listed["Beskrivning"].tolist() == ["Lampan vid trappan är släckt"]
    assert listed["Basområde"].tolist() == ["Norrby"]


def test_not_walked_nothing_noted_and_noted_are_three_things():
    walk = {"walk_id": "w1", "date": DAY, "network_id": "on-hulta", "place": "Svensgärde"}
    keep(finding(), walks=[walk])
    shown = tables(run(PAGE, vy=controls.NETWORKS))
    table = next(t for caption, t in shown.items() if "basområde" in caption)
    state = table.set_index("Basområde")["Läge"]
    assert state["Norrby"] == "Vandrat, noterat"
    assert state["Svensgärde"] == "Vandrat, inget noterat"
    assert state["Ekås-Hestra"] == "Ej vandrat"
    assert state["Göta centrum-Kristineberg väst"] == "Vandrat, fynden är okända"
    assert state["Hulta centrum-Sörmarken"] == "Kanske vandrat, bara orten är känd"
    row = table.set_index("Basområde").loc["Ekås-Hestra"]
    assert (row["Fynd"], row["Väntar"]) == ("–", "–")
    row = table.set_index("Basområde").loc["Svensgärde"]
    assert (row["Vandringar"], row["Fynd"]) == ("1", "0")


def test_the_contradicting_walk_counts_once_and_stands_on_two_rows():
    app = run(PAGE, vy=controls.NETWORKS, underlag="utan")
    shown = tables(app)
    walks = next(t for caption, t in shown.items() if "vandringar" in caption and "Alla" in caption)
    assert len(walks) == 13
    assert walks.loc[walks["Datum"].isin(["2017-10-17", "2017-10-24"]), "Datumet är"].tolist() == [
        "osäkert",
        "osäkert",
    ]
    networks = next(t for caption, t in shown.items() if "nätverk" in caption)
    row = networks.set_index("Nätverk").loc["Områdesnätverk Norrby"]
    assert row["Vandringar"] == "4"  # 2016, and three of 2017: the third on two rows


def test_a_point_outside_is_kept_flagged_and_in_no_area():
    keep(finding(x=500_000.0, y=6_900_000.0), finding("fynd-2"))
    app = run(PAGE)
    assert "1 fynd ligger utanför kommunen" in text(app)
    listed = next(iter(tables(app).values()))
    assert sorted(listed["Basområde"]) == ["Norrby", "inget område"]


def test_filters_narrow_the_list_and_the_marks():
    keep(
        finding("f-1"),
        finding("f-2", category="trafik", light="dagsljus"),
        finding("f-3", kind="bra", observed_date=pd.Timestamp("2024-05-05")),
    )
    for state, n in (
        ({"kategori": ["belysning"]}, 2),
        ({"ljus": "dagsljus"}, 1),
        ({"fyndslag": "bra"}, 1),
        ({"ar": "2024"}, 1),
        ({"status": "waiting"}, 2),
        ({"status": "overdue"}, 0),
        ({"vald": "Områdesnätverk Norrby"}, 3),
        ({"vald": "Områdesnätverk Hulta"}, 0),
    ):
        app = run(PAGE, **state)
        caption = next(iter(tables(app)), "0 fynd")
        assert caption.startswith(f"{n} fynd"), (state, caption)
        assert map_script(app).count('"look"') == n


def test_markup_and_sql_in_a_finding_are_shown_as_text():
    hostile = "<script>alert(1)</script>'; DROP TABLE findings; -- **fet** 😀"
    keep(finding("f-1", description=hostile))
    app = run(PAGE, fynd="f-1")
    assert hostile in [element.value for element in app.get("text")] or any(
        hostile in str(element.value) for element in app.text
    )
    html = "".join(element.proto.body for element in app.get("html"))
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_one_finding_says_its_way_and_what_it_waits_for():
    keep(finding("f-1"))
    app = run(PAGE, fynd="f-1")
    shown = text(app)
    assert "✓ noterad 2026-03-01" in shown
    assert "ansvarig saknas" in shown
    assert "Områdesnätverk Norrby" in shown
    assert "skrivskyddad" in shown


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    app.run()
    assert not app.exception
    return app


def choose(app, label, value):
    next(box for box in app.selectbox if box.label == label).set_value(value)


def test_a_finding_is_followed_up_undone_and_removed(writer):
    keep(finding("f-1"))
    app = run(PAGE, fynd="f-1")
    choose(app, "Nästa steg", "owned")
    choose(app, "Ansvarig", "AB Bostäder")
    press(app, "Spara")
    assert "Ändringen är sparad" in text(app)
    row = kept().loc["f-1"]
    assert (row["status"], row["owner"]) == ("owned", "AB Bostäder")
    app = run(PAGE, fynd="f-1")
    press(app, "Ångra senaste ändringen")
    assert kept().loc["f-1", "status"] == "noted"
    app = run(PAGE, fynd="f-1")
    press(app, "Ta bort fyndet")
    assert kept().empty
    with store.open() as opened:
        assert opened.audit("f-1")["action"].tolist() == ["new", "change", "undo", "remove"]


def test_a_step_that_skips_the_owner_is_refused_in_a_sentence(writer):
    keep(finding("f-1"))
    app = run(PAGE, fynd="f-1")
    choose(app, "Nästa steg", "owned")
    press(app, "Spara")
    assert "Status hoppar över ansvarig" in text(app)
    assert kept().loc["f-1", "status"] == "noted"


def test_two_who_edit_one_finding_are_told_and_nobody_loses_text(writer):
    keep(finding("f-1"))
    app = run(PAGE, fynd="f-1")
    with store.open() as opened:
        opened.change_finding("f-1", {"description": "Deras text"}, 1, "den andra")
    area = next(area for area in app.text_area if area.label == "Beskrivning")
    area.set_value("Min text")
    press(app, "Spara")
    assert "Två har ändrat fyndet samtidigt" in text(app)
    conflict = next(t for caption, t in tables(app).items() if "Det som skiljer" in caption)
    row = conflict.set_index("Fält").loc["Beskrivning"]
    assert row.tolist() == ["Min text", "Deras text"]
    assert kept().loc["f-1", "description"] == "Deras text"
    press(app, "Spara min version")
    assert kept().loc["f-1", "description"] == "Min text"
    with store.open() as opened:
        assert "Deras text" in "".join(opened.audit("f-1")["before"].fillna(""))


def test_a_finding_is_registered_and_personal_data_is_refused(writer):
    app = run(PAGE, vy=controls.REGISTER)
    for label, value in (("Öst (SWEREF 99 TM)", "376740"), ("Norr (SWEREF 99 TM)", "6399899")):
        next(box for box in app.text_input if box.label == label).set_value(value)
    area = next(area for area in app.text_area if area.label == "Vad såg ni?")
    area.set_value("Ring 070-174 06 35 om lampan")
    press(app, "Spara fyndet")
    assert "telefon" in text(app).lower()
    assert "070-174 06 35" not in app.error[0].value
    assert kept().empty
    next(area for area in app.text_area if area.label == "Vad såg ni?").set_value("Mörk gångväg")
    press(app, "Spara fyndet")
    assert "1 fynd är sparat" in text(app)
    row = kept().iloc[0]
    assert (row["description"], row["x"], row["status"]) == ("Mörk gångväg", 376740, "noted")
    assert row["category"] == "belysning"
    listed = next(iter(tables(run(PAGE, kategori=["belysning"])).values()))
    assert listed["Kategori"].tolist() == ["Belysning"]


def test_a_finding_of_a_shipped_walk_takes_the_walk_in(writer):
    app = run(PAGE, vy=controls.REGISTER, fran_vandring="tv-2017-10-30-hulta")
    choose(app, "Eller plats", "Brämhult")
    press(app, "Spara fyndet")
    assert "1 fynd är sparat" in text(app)
    row = kept().iloc[0]
    assert (row["walk_id"], row["base_area_id"]) == ("tv-2017-10-30-hulta", "1490R005")
    assert row["observed_date"] == pd.Timestamp("2017-10-30")
    with store.open() as opened:
        assert list(opened.walks().index) == ["tv-2017-10-30-hulta"]
    app = run(PAGE)
    assert "1 fynd har bara en plats, ingen punkt" in text(app)


def test_a_walk_is_registered_with_its_words_checked(writer):
    app = run(PAGE, vy=controls.REGISTER, vad=controls.WALK)
    choose(app, "Nätverk", "on-norrby")
    fields = {box.label: box for box in app.text_input}
    fields["Plats eller område"].set_value("Norrby")
    fields["Började (18:30)"].set_value("halv sju")
    press(app, "Spara vandringen")
    assert "klockslag" in text(app)
    {box.label: box for box in app.text_input}["Började (18:30)"].set_value("18.30")
    press(app, "Spara vandringen")
    assert "är sparad" in text(app)
    with store.open() as opened:
        walk = opened.walks().iloc[0]
    assert (walk["network_id"], walk["start_time"]) == ("on-norrby", "18:30")


def test_a_store_that_cannot_be_read_is_told_and_the_rest_stands(tmp_path, monkeypatch):
    path = tmp_path / "trasig.sqlite"
    path.write_bytes(b"ingen databas" * 100)
    monkeypatch.setenv("LAGESBILD_STORE", str(path))
    for view in VIEWS:
        assert "skadad" in text(run(PAGE, vy=view)), view


def test_the_board_gathers_what_waits_by_owner():
    keep(
        finding("f-1"),
        finding("f-2", owner="Polisen", status="owned", due_date=pd.Timestamp("2026-03-05")),
    )
    shown = tables(run(PAGE, vy=controls.BOARD))
    owners = next(t for caption, t in shown.items() if "Vem som har vad" in caption)
    assert owners["Ansvarig"].tolist() == ["Ingen ansvarig ännu", "Polisen"]
    assert owners["Försenade"].tolist() == ["0", "1"]
    waiting = next(t for caption, t in shown.items() if "Väntar" in caption)
    assert waiting["Nästa steg"].tolist() == [
        "ansvarig utsedd",
        "besvarad, åtgärdad, avslagen",
    ]


def test_the_board_says_what_late_means_and_one_of_them_is_followed_up_there(writer):
    keep(finding("f-1"), finding("f-2"))
    app = run(PAGE, vy=controls.BOARD, fynd="f-2")
    assert "kan ett fynd inte bli försenat" in text(app)
    assert any(button.label == "Spara" for button in app.button)


def test_the_sheet_says_what_waits_for_an_answer_and_what_to_be_done():
    waiting = pd.DataFrame({"status": ["noted", "owned", "answered"]})
    assert field_sheets._so_far(waiting) == (
        "3 fynd: 2 väntar på svar och 1 är besvarat men inte åtgärdat."
    )


def test_files_hold_numbers_and_days_where_the_page_has_texts():
    keep(finding("f-1"))
    known = data.field(False)
    rows = field_figures.networks(known, is_file=True)
    assert rows["Fynd"].dropna().tolist() == [1, 1]
    assert {"Andel av ytan (%)", "Vandringar med kända fynd"} <= set(rows)
    assert field_figures.divided(known, "kind", is_file=True)["Brist"].tolist() == [1, 1]
    walks = field_tables.walks(known, is_file=True)
    assert walks["Datum"].map(type).eq(date).all()


def test_a_rate_says_what_it_rests_on():
    known = data.field(True)
    table = field_answers.summary(known, networks=True).dropna(subset="findings_per_walk")
    said = field_figures.networks(known)["Fynd per vandring"]
    said = said[said != "–"].tolist()
    for text_, rate, n in zip(said, table["findings_per_walk"], table["n_walks_told"], strict=True):
        assert text_ == f"{rate:.1f} ({n:.0f})".replace(".", ",")


def test_a_named_owner_and_a_new_walk_are_among_what_has_changed(writer):
    keep(finding("f-1", observed_date=pd.Timestamp("2026-11-01")))
    with store.open() as opened:
        version = int(opened.findings()["version"].iloc[0])
        opened.change_finding("f-1", {"owner": "Polisen", "status": "owned"}, version, "prov")
    app = run(PAGE, vy=controls.CHANGED, sedan=pd.Timestamp("2026-10-01").date())
    said = text(app)
    assert "1 noterad och 1 fick ansvarig" in said
    rows = next(t for caption, t in tables(app).items() if "Vad som hänt" in caption)
    assert sorted(rows["Vad"]) == ["Ansvarig utsedd", "Noterad"]


def test_what_has_changed_since_a_day():
    keep(finding("f-1", observed_date=pd.Timestamp("2026-11-01")))
    app = run(PAGE, vy=controls.CHANGED, sedan=pd.Timestamp("2026-10-01").date())
    assert "**1 noterad**" in text(app)
    later = run(PAGE, vy=controls.CHANGED, sedan=pd.Timestamp("2026-11-02").date())
    assert "Inget har hänt sedan dess" in text(later)


def test_names_of_the_page_are_those_of_the_registers():
    walks, issues = read.walks()
    assert issues.empty
    assert len(walks) == 13


def test_findings_are_divided_by_what_they_are_about():
    keep(finding("f-1"), finding("f-2", category="trafik", light=""))
    for by, columns in (
        ("category", ["Belysning", "Trafik och övergångar"]),
        ("light", ["Ljus okänt", "mörker"]),
        ("owner", ["Ingen ansvarig ännu"]),
        ("kind", ["Brist"]),
        ("status", ["Noterad"]),
    ):
        shown = tables(run(PAGE, vy=controls.NETWORKS, uppdelat=by))
        table = next(t for caption, t in shown.items() if "uppdelade" in caption)
        assert list(table.columns) == ["Nätverk", *columns]
        assert table["Nätverk"].tolist() == [
            "Nätverk barn och unga Norrby",
            "Områdesnätverk Norrby",
        ]


def test_a_shipped_walk_can_be_chosen_for_a_route_and_a_registered_one_removed(writer):
    keep(walks=[{"walk_id": "w1", "date": DAY, "network_id": "on-norrby", "place": "Norrby"}])
    shipped = run(
        PAGE, vy=controls.REGISTER, vad=controls.ROUTE, fran_vandring="tv-2017-10-30-hulta"
    )
    assert "Klipp i var ände, meter" in [box.label for box in shipped.number_input]
    assert "Ta bort vandringen" not in [button.label for button in shipped.button]
    app = run(PAGE, vy=controls.REGISTER, vad=controls.ROUTE, fran_vandring="w1")
    press(app, "Ta bort vandringen")
    assert "Vandringen är borttagen" in text(app)
    with store.open() as opened:
        assert opened.walks().empty
