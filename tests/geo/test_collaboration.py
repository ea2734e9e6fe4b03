"""The networks' work as it stands: current meetings, plans, goals; a toy town by hand."""

import pandas as pd
import pytest

from geo import collaboration, read
from geo.collaboration import (
    CADENCE,
    CLOSED,
    ENDED,
    NO_FOCUS,
    NO_PLAN,
    NOT_APPLICABLE,
    NOTHING,
    OK,
    ON_TIME,
    PLANNED,
    PRESENT,
    UNSURE,
    WITH_FOCUS,
    Work,
    current,
    goals,
    plan_states,
    total,
    with_removed,
)
from geo.errors import GeoError
from geo.meetings import cadence

DAY = pd.Timestamp
NETWORKS = pd.DataFrame(
    {
        "layer": ["barn_unga", "barn_unga", "ortsrad"],
        "status": ["active", "resting", "active"],
        "status_from": [pd.NaT, DAY("2025-01-01"), pd.NaT],
    },
    index=pd.Index(["bu-a", "bu-b", "or-c"], name="network_id"),
)
FUNCTIONS = pd.DataFrame(
    {"function": ["Skola", "Polis", "Boende"], "layer": ["barn_unga", "barn_unga", "ortsrad"]}
)
GUIDELINES = pd.DataFrame(
    {
        "layer": ["barn_unga"],
        "meetings_per_term_min": [1],
        "valid_from": [DAY("2020-01-01")],
        "valid_to": [pd.NaT],
    },
    index=["G1"],
)


def meetings(*rows):
    table = pd.DataFrame(rows, columns=["meeting_id", "date", "network_id", "present", "status"])
    table["date"] = pd.to_datetime(table["date"])
    return table.assign(counts_for_cadence=True).set_index("meeting_id")


def decisions(*rows):
    table = pd.DataFrame(rows, columns=["network_id", "status", "due_date", "done_date"])
    return table.astype({"due_date": "datetime64[ns]", "done_date": "datetime64[ns]"})


def plans(*rows):
    table = pd.DataFrame(
        rows, columns=["plan_id", "network_id", "valid_from", "valid_to", "focus_areas"]
    )
    days = {name: pd.to_datetime(table[name]) for name in ("valid_from", "valid_to")}
    return table.assign(**days).set_index("plan_id")


def findings(*rows):
    table = pd.DataFrame(rows, columns=["finding_id", "kind", "status", "observed_date"])
    table["observed_date"] = pd.to_datetime(table["observed_date"])
    return table.set_index("finding_id")


def work(**other):
    held = other.get("meetings", meetings())
    known = {
        "networks": NETWORKS,
        "meetings": held,
        "cadence": cadence(held, GUIDELINES, NETWORKS, 2026),
        "plans": plans(),
        "decisions": decisions(),
        "findings": findings(),
        "pairs": pd.DataFrame({"finding_id": [], "area_id": []}),
        "functions": FUNCTIONS,
    }
    return Work(**(known | other))


def one(table, goal, network):
    row = table.loc[(goal, network)]
    return int(row["n_met"]), int(row["n_of"]), row["status"]


def test_nothing_registered_is_nothing_and_never_zero():
    table = goals(work(), 2026, DAY("2026-12-31"))
    for goal in (PRESENT, PLANNED, ON_TIME, CLOSED):
        assert (table.loc[goal, "status"] == NOTHING).all()
        assert table.loc[goal, "share"].isna().all()
    assert one(table, CADENCE, "or-c") == (0, 0, NOT_APPLICABLE)
    assert one(table, CADENCE, "bu-b") == (0, 0, NOT_APPLICABLE)


def test_a_term_that_is_not_over_counts_only_once_it_is_met():
    other = ("m0", "2026-03-20", "or-c", (), "")  # somebody met: the term is not empty
    table = goals(work(meetings=meetings(other)), 2026, DAY("2026-07-01"))
    assert one(table, CADENCE, "bu-a") == (0, 1, OK)
    held = meetings(other, ("m1", "2026-08-20", "bu-a", (), ""))
    table = goals(work(meetings=held), 2026, DAY("2026-09-01"))
    assert one(table, CADENCE, "bu-a") == (1, 2, OK)


def test_a_term_without_any_meeting_says_nothing_of_the_cadence():
    assert one(goals(work(), 2026, DAY("2027-01-01")), CADENCE, "bu-a") == (0, 0, NOTHING)


def test_a_cancelled_meeting_counts_for_nothing():
    held = meetings(
        ("m0", "2026-03-20", "or-c", (), ""),
        ("m1", "2026-02-20", "bu-a", ("Polis:1",), "inställt"),
    )
    table = goals(work(meetings=held), 2026, DAY("2026-12-31"))
    assert one(table, CADENCE, "bu-a") == (0, 1, OK)
    assert one(table, PRESENT, "bu-a") == (0, 0, NOTHING)


def test_functions_that_were_there_of_those_expected():
    held = meetings(
        ("m1", "2026-02-20", "bu-a", ("Skola:3", "Polis:0"), ""),
        ("m2", "2026-03-20", "bu-a", (), ""),  # nobody noted: unknown, not absent
        ("m3", "2026-04-20", "bu-a", ("Polis:1",), ""),
        ("m4", "2026-12-20", "bu-a", ("Polis:1",), ""),  # has not been yet
        ("m5", "2026-02-20", "or-c", ("Boende:12", "Polis:1"), ""),  # Polis is not asked for
    )
    table = goals(work(meetings=held), 2026, DAY("2026-06-01"))
    assert one(table, PRESENT, "bu-a") == (2, 3, OK)  # Skola was not noted at m3
    assert one(table, PRESENT, "or-c") == (1, 1, OK)
    assert table.loc[(PRESENT, "bu-a"), "share"] == pytest.approx(2 / 3)


def test_plans_and_their_four_states():
    made = plans(
        ("p1", "bu-a", "2025-01-01", "2025-12-31", ("Skolvägen",)),
        ("p2", "bu-a", "2026-01-01", None, ()),
        ("p3", "bu-b", "2025-01-01", "2025-12-31", ("Skolvägen",)),
    )
    state = plan_states(made, NETWORKS, DAY("2025-06-01"))["state"]
    assert state.to_dict() == {"bu-a": WITH_FOCUS, "bu-b": WITH_FOCUS, "or-c": NO_PLAN}
    state = plan_states(made, NETWORKS, DAY("2026-06-01"))
    assert state["state"].to_dict() == {"bu-a": NO_FOCUS, "bu-b": ENDED, "or-c": NO_PLAN}
    assert state["plan_id"].to_dict() == {"bu-a": "p2", "bu-b": "", "or-c": ""}
    # On its first and its last day a plan is valid.
    for day in ("2025-01-01", "2025-12-31"):
        assert plan_states(made, NETWORKS, DAY(day)).at["bu-b", "state"] == WITH_FOCUS
    table = goals(work(plans=made), 2025, DAY("2026-06-01"))
    assert [one(table, PLANNED, i)[:2] for i in NETWORKS.index] == [(1, 1), (1, 1), (0, 1)]
    assert (goals(work(plans=made), 2027, DAY("2026-06-01")).loc[PLANNED, "n_of"] == 0).all()


def test_decisions_on_time_late_and_waiting():
    made = decisions(
        ("bu-a", "done", "2026-02-01", "2026-02-01"),
        ("bu-a", "done", "2026-02-01", "2026-02-02"),
        ("bu-a", "decided", "2026-02-01", None),  # open past its day
        ("bu-a", "started", "2026-11-01", None),  # waits
        ("bu-a", "dropped", "2026-02-01", None),
        ("bu-a", "decided", None, None),
        ("bu-a", "done", "2025-02-01", "2025-01-01"),  # another year
    )
    table = goals(work(decisions=made), 2026, DAY("2026-06-01"))
    assert one(table, ON_TIME, "bu-a") == (1, 3, OK)


def test_findings_closed_in_every_network_that_holds_them():
    found = findings(
        ("f1", "brist", "done", "2026-02-01"),
        ("f2", "brist", "noted", "2026-02-01"),
        ("f3", "bra", "noted", "2026-02-01"),
        ("f4", "brist", "done", "2025-02-01"),
    )
    ids = ["f1", "f1", "f2", "f3", "f4"]
    pairs = pd.DataFrame({"finding_id": ids, "area_id": ["bu-a", "or-c", "bu-a", "bu-a", "bu-a"]})
    table = goals(work(findings=found, pairs=pairs), 2026, DAY("2026-06-01"))
    assert one(table, CLOSED, "bu-a") == (1, 2, OK)
    assert one(table, CLOSED, "or-c") == (1, 1, OK)
    assert total(table).loc[CLOSED, ["n_met", "n_of", "n_networks"]].tolist() == [2, 3, 2]


def test_the_real_year_2017_agrees_with_the_cadence():
    held, networks = read.meetings()[0], read.networks()[0]
    table = cadence(held, read.guidelines()[0], networks, 2017)
    done = work(networks=networks, meetings=held, cadence=table)
    found = goals(done, 2017, DAY("2026-11-25"))
    judged = table[table["outcome"].isin(["met", "behind"]) & ~table["is_unsure"]].reset_index()
    for network_id, own in judged.groupby("network_id"):
        n_met = int((own["outcome"] == "met").sum())
        assert one(found, CADENCE, network_id) == (n_met, len(own), OK)
    assert one(found, CADENCE, "bu-sjobo") == (0, 0, UNSURE)
    assert total(found).loc[CADENCE, ["n_met", "n_of"]].tolist() == [21, 30]
    assert (
        found.loc[CADENCE].loc[lambda t: t.index.str.startswith("or-"), "status"] == NOT_APPLICABLE
    ).all()
    assert len(found) == 5 * 20


def test_every_goal_has_its_definition_and_receiver():
    register = read.register("collaboration_goals", "goal_id")
    assert tuple(register.index) == collaboration.GOALS
    for name in ("goal", "definition", "receiver", "source"):
        assert (register[name] != "").all()


@pytest.mark.parametrize("year", [17, 1989, 2101])
def test_a_year_that_is_none_is_told(year):
    with pytest.raises(GeoError, match="ett år från 1990 till 2100"):
        goals(work(), year, DAY("2026-06-01"))


def test_what_people_keep_goes_before_what_ships():
    shipped = read.meetings()[0].iloc[:3]
    kept = shipped.iloc[:1].assign(version=3, agenda="Ny")
    gone = shipped.iloc[1:2].assign(version=2)
    now = current(kept, gone, shipped)
    assert set(now.index) == {shipped.index[0], shipped.index[2]}
    assert now.at[shipped.index[0], "agenda"] == "Ny"
    assert now["version"].isna().to_dict() == {shipped.index[0]: False, shipped.index[2]: True}
    assert now["counts_for_cadence"].dtype == bool or set(now["counts_for_cadence"]) <= {
        True,
        False,
    }
    both = with_removed(now, gone)
    assert both["removed"].sum() == 1
    assert len(with_removed(now, gone.iloc[:0])) == 2
    empty = current(kept.iloc[:0], gone.iloc[:0], shipped.iloc[:0])
    assert empty.empty
    assert "version" in empty


def test_what_each_network_does_and_what_is_registered_for_nobody():
    no_pairs = pd.DataFrame({"finding_id": [], "area_id": pd.Categorical([], NETWORKS.index)})
    nothing = collaboration.activity(work(pairs=no_pairs), 2026, DAY("2026-06-01"))
    assert nothing[["n_held", "n_open_findings", "n_open_decisions"]].isna().all(axis=None)
    assert (nothing["plan"] == NO_PLAN).all()
    held = meetings(
        ("m1", "2026-02-20", "bu-a", (), ""),
        ("m2", "2026-09-20", "bu-a", (), ""),  # has not been
        ("m3", "2026-03-20", "bu-a", (), "inställt"),
        ("m4", "2025-03-20", "bu-b", (), ""),
    )
    found = findings(("f1", "brist", "noted", "2025-02-01"), ("f2", "brist", "done", "2026-02-01"))
    pairs = pd.DataFrame({"finding_id": ["f1", "f1", "f2"], "area_id": ["bu-a", "or-c", "bu-b"]})
    made = decisions(("bu-b", "started", None, None), ("bu-b", "done", None, "2026-01-01"))
    own = work(meetings=held, findings=found, pairs=pairs, decisions=made)
    told = collaboration.activity(own, 2026, DAY("2026-06-01"))
    assert told["n_held"].tolist() == [1, 0, 0]
    assert told["n_open_findings"].tolist() == [1, 0, 1]
    assert told["n_open_decisions"].tolist() == [0, 1, 0]
