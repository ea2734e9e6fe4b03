"""Meetings, decisions and plans in the store: the same on either kind of database."""

import threading

import pandas as pd
import pytest
from sqlalchemy.exc import DBAPIError

from geo import read, store
from geo.errors import GeoError
from geo.store import upgrade
from tests.geo.store.making import DAY, decision, everything, meeting, meetings, plan, sql, today

LATER = DAY + pd.Timedelta(days=10)


@pytest.fixture
def shipped():
    return read.meetings()[0]


@pytest.fixture
def decided(kept):
    """A store with the meeting m1 and its decision b1."""
    kept.save_meetings(meetings(meeting()), "Åsa")
    kept.save_decision(decision(), "Åsa")
    return kept


def test_a_meeting_comes_back_as_it_was_saved(kept):
    made = meeting(start_time="09:00", end_time="12:00", place="Pulsen", note="åäö 🦉 <b>")
    kept.save_meetings(meetings(made), "Åsa")
    row = kept.meetings().loc["m1"]
    assert {name: row[name] for name in made if name != "meeting_id"} == {
        name: value for name, value in made.items() if name != "meeting_id"
    }
    assert row["version"] == 1
    assert row["counts_for_cadence"] is True or row["counts_for_cadence"] == True  # noqa: E712
    assert kept.meetings()["starred"].dtype == bool


def test_a_version_tells_caches_of_meetings_decisions_and_plans(kept):
    versions = [kept.version(store.NETWORKS)]
    for act in (
        lambda: kept.save_meetings(meetings(meeting()), "Åsa"),
        lambda: kept.save_decision(decision(), "Åsa"),
        lambda: kept.save_plan(plan(), "Åsa"),
    ):
        act()
        versions.append(kept.version(store.NETWORKS))
    assert len(set(versions)) == 4
    assert kept.version(store.FIELD) == "0"


def test_two_meetings_with_one_id_are_refused_and_nothing_is_kept(kept):
    kept.save_meetings(meetings(meeting()), "Åsa")
    before = everything(kept)
    with pytest.raises(GeoError, match="Mötet 'm1' finns redan"):
        kept.save_meetings(meetings(meeting("m2"), meeting("m1")), "Bo")
    assert everything(kept) == before


def test_two_who_change_one_meeting_are_told_and_neither_loses_text(kept):
    kept.save_meetings(meetings(meeting()), "Åsa")
    kept.change_meeting("m1", {"agenda": "Åsas dagordning"}, 1, "Åsa")
    with pytest.raises(store.ConflictError, match=r"Någon annan \(Åsa\) har ändrat mötet") as told:
        kept.change_meeting("m1", {"agenda": "Bos dagordning"}, 1, "Bo")
    assert told.value.theirs["agenda"] == "Åsas dagordning"
    assert kept.meetings().at["m1", "agenda"] == "Åsas dagordning"


def test_a_shipped_meeting_comes_in_when_it_is_changed(kept, shipped):
    meeting_id = "2017-01-26-bu-boda"
    assert kept.change_meeting(meeting_id, {"agenda": "Ny"}, None, "Åsa", shipped)
    row = kept.meetings().loc[meeting_id]
    assert (row["agenda"], row["version"]) == ("Ny", 2)
    assert row["source"] == shipped.at[meeting_id, "source"]
    assert kept.audit(meeting_id)["made_by"].tolist() == ["registret", "Åsa"]
    with pytest.raises(store.ConflictError):  # another one who also saw it as shipped
        kept.change_meeting(meeting_id, {"agenda": "Annan"}, None, "Bo", shipped)


def test_a_shipped_meeting_can_be_removed_and_brought_back(kept, shipped):
    meeting_id = "2017-01-26-bu-boda"
    kept.remove_meeting(meeting_id, None, "Åsa", "dubblett", shipped)
    assert kept.meetings().empty
    assert kept.meetings(removed=True).index.tolist() == [meeting_id]
    kept.bring_back_meeting(meeting_id, 2, "Åsa")
    assert kept.meetings().index.tolist() == [meeting_id]


def test_the_last_change_of_a_meeting_is_undone(kept):
    kept.save_meetings(meetings(meeting()), "Åsa")
    kept.change_meeting("m1", {"agenda": "Fel", "present": (), "date": LATER}, 1, "Bo")
    kept.undo_meeting("m1", 2, "Bo")
    row = kept.meetings().loc["m1"]
    assert (row["agenda"], row["present"], row["date"]) == (
        "Lägesbild",
        ("Skola:2", "Polis:1"),
        DAY,
    )
    assert kept.audit("m1")["action"].tolist() == ["new", "change", "undo"]


def test_nothing_to_undo_is_told(kept):
    kept.save_meetings(meetings(meeting()), "Åsa")
    with pytest.raises(GeoError, match="inget mer att ångra"):
        kept.undo_meeting("m1", 1, "Bo")


def test_a_meeting_with_decisions_is_not_removed(decided):
    with pytest.raises(GeoError, match="Mötet har 1 beslut"):
        decided.remove_meeting("m1", 1, "Bo")
    decided.remove_decision("b1", 1, "Bo")
    decided.remove_meeting("m1", 1, "Bo")
    assert decided.meetings().empty


def test_a_decision_goes_its_way_and_every_step_is_kept(decided):
    decided.change_decision("b1", {"status": "started"}, 1, "Bo")
    done = {"status": "done", "done_date": LATER}
    decided.change_decision("b1", done, 2, "Bo")
    steps = decided.decision_steps("b1")
    assert steps["status"].tolist() == ["decided", "started", "done"]
    assert steps["day"].tolist()[::2] == [DAY, LATER]
    decided.undo_decision("b1", 3, "Bo")
    assert decided.decisions().at["b1", "status"] == "started"
    assert decided.decision_steps("b1")["status"].tolist()[-1] == "started"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"owner": ""}, "saknar ansvarig"),
        ({"status": "done"}, "Datum då det blev klart saknas"),
        ({"status": "dropped"}, "ska ha ett skäl"),
        ({"status": "done", "done_date": DAY - pd.Timedelta(days=1)}, "före beslutet"),
        ({"due_date": DAY - pd.Timedelta(days=1)}, "Klart senast .* före beslutet"),
        ({"link_kind": "finding"}, "Kopplingen är halv"),
        ({"status": "annat"}, "går det inte direkt till annat"),
        ({"decision": "a\x00b"}, "NUL-tecken"),
    ],
)
def test_a_faulty_change_of_a_decision_is_told_and_nothing_is_written(decided, changes, told):
    before = everything(decided)
    with pytest.raises(GeoError, match=told):
        decided.change_decision("b1", changes, 1, "Bo")
    assert everything(decided) == before


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"owner": ""}, "saknar ansvarig"),
        ({"owner": None}, "saknar ansvarig"),
        ({"meeting_id": "m9"}, "Mötet m9 finns inte"),
        ({"decided_date": today() + pd.Timedelta(days=2)}, "ligger i framtiden"),
        ({"decision_id": "b1"}, "Beslutet 'b1' finns redan"),
    ],
)
def test_a_faulty_decision_is_refused(decided, other, told):
    before = everything(decided)
    with pytest.raises(GeoError, match=told):
        decided.save_decision(decision(**{"decision_id": "b2"} | other), "Bo")
    assert everything(decided) == before


def test_a_decision_of_a_shipped_meeting_takes_it_in(kept, shipped):
    kept.save_decision(decision(meeting_id="2017-01-26-bu-boda"), "Åsa", shipped)
    assert kept.meetings().index.tolist() == ["2017-01-26-bu-boda"]


def test_a_decision_may_stand_without_a_meeting(kept):
    kept.save_decision(decision(meeting_id=""), "Åsa")
    assert kept.decisions().at["b1", "meeting_id"] == ""
    kept.change_decision("b1", {"owner": "Polis"}, 1, "Bo")
    kept.undo_decision("b1", 2, "Bo")
    assert kept.decisions().at["b1", "owner"] == "Fritid"


def test_a_plan_comes_back_and_two_writers_are_told(kept):
    kept.save_plan(plan(), "Åsa")
    assert kept.plans().at["p1", "focus_areas"] == ("Skolvägen", "Belysning")
    assert kept.plans().at["p1", "priority_ids"] == ("1", "3")
    assert kept.save_plan({"plan_id": "p1", "focus_areas": ("Skolvägen",)}, "Bo", 1)
    with pytest.raises(store.ConflictError, match="har ändrat planen"):
        kept.save_plan({"plan_id": "p1", "title": "Ny"}, "Cia", 1)
    kept.undo_plan("p1", 2, "Bo")
    assert len(kept.plans().at["p1", "focus_areas"]) == 2
    kept.remove_plan("p1", 3, "Bo")
    assert kept.plans().empty
    kept.bring_back_plan("p1", 4, "Bo")
    assert len(kept.plans()) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET owner = ''",
        "UPDATE decisions SET status = 'done'",
        "UPDATE decisions SET status = 'klar'",
        "UPDATE decisions SET meeting_id = 'm9'",
        "DELETE FROM meetings WHERE meeting_id = 'm1'",
        "UPDATE meetings SET kind = 'annat'",
        "UPDATE meetings SET status = 'annat'",
        "UPDATE decision_steps SET status = 'done'",
        "DELETE FROM decision_steps",
        "INSERT INTO plans (plan_id, network_id, title, valid_from, valid_to, version) "
        "VALUES ('p9', 'bu-boda', 'x', '2026-01-02', '2026-01-01', 1)",
    ],
)
def test_the_database_itself_keeps_the_rules(decided, statement):
    before = everything(decided)
    with pytest.raises(DBAPIError):
        sql(decided, statement)
    assert everything(decided) == before


def test_many_writers_lose_nothing(kept, store_url):
    kept.save_meetings(meetings(meeting()), "Åsa")
    lost: list[int] = []

    def write(n: int) -> None:
        with store.open(store_url) as own:
            for round_ in range(10):
                own.save_decision(decision(f"b{n}-{round_}"), f"w{n}")
                while True:
                    version = int(own.meetings().at["m1", "version"])
                    try:
                        own.change_meeting("m1", {"agenda": f"{n}-{round_}"}, version, f"w{n}")
                        break
                    except store.ConflictError:
                        lost.append(n)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept.decisions()) == 80
    assert kept.meetings().at["m1", "version"] == 81
    assert len(kept.audit("m1")) == 81


def test_a_store_of_the_version_before_is_brought_up_with_all_its_rows(store_url):
    from alembic import command
    from alembic.config import Config

    with store.open(store_url) as kept:
        with kept.file.writing(any_version=True) as connection:
            config = Config()
            config.set_main_option("script_location", str(upgrade.MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "0002")
        walk = "INSERT INTO walks (walk_id, date, network_id, version) VALUES "
        sql(kept, f"{walk} ('w1', '2026-01-02', 'on-norrby', 1)")
        with pytest.raises(store.OldVersionError, match=r"\(0002, nu 0004\)"):
            kept.meetings()
        with kept.file.writing(any_version=True) as connection:
            upgrade.to_newest(connection)
        assert kept.walks().index.tolist() == ["w1"]
        assert kept.meetings().empty
        kept.save_meetings(meetings(meeting()), "Åsa")
        kept.save_decision(decision(), "Åsa")
        with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
            sql(kept, "DELETE FROM decision_steps")


def test_meetings_put_in_together_are_taken_away_together(kept):
    kept.save_meetings(meetings(meeting(), meeting("m2")), "Åsa")
    kept.change_meeting("m2", {"agenda": "Ändrad"}, 1, "Bo")
    with pytest.raises(store.ConflictError):
        kept.remove_meetings(["m1", "m2"], "Åsa")
    assert len(kept.meetings()) == 2
    kept.remove_meetings(["m1"], "Åsa")
    assert kept.meetings().index.tolist() == ["m2"]


def test_a_removed_decision_is_brought_back(decided):
    decided.remove_decision("b1", 1, "Bo", "dubblett")
    assert decided.decisions().empty
    assert decided.decisions(removed=True).index.tolist() == ["b1"]
    decided.bring_back_decision("b1", 2, "Bo")
    assert decided.decisions().index.tolist() == ["b1"]
    assert decided.audit("b1")["action"].tolist() == ["new", "remove", "bring_back"]
