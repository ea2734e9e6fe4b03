"""Lägesbilder in the store: drafts, and signed ones that nothing changes; either database."""

import threading

import geopandas as gpd
import pandas as pd
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy.exc import DBAPIError

from geo import store
from geo.errors import GeoError
from geo.judgement import Focus, Judgement, cells, of_row
from geo.store import upgrade
from tests.geo.store.making import DAY, everything, meeting, meetings, sql, today

LOCKED = r"Lägesbilden är avslutad \(\d{4}-\d\d-\d\d\) och ändras inte mer\. Börja en ny"
REMOVED = r"Utkastet är borttaget\. Hämta tillbaka det först"
SECOND = r"Nätverket har redan ett utkast\. Någon annan kan ha börjat på det"
NUMBERS = '{"area_id": "bu-boda", "indicators": {"trygghet": {"period": "2024", "value": 0.5}}}'
WRITTEN = Judgement({"Skola": "Lugnt vid skolan", "Polis": "Mer bus"}, "Bra", (Focus("Ljus", "3"),))
NASTY = "å'); DROP TABLE pictures; -- <b>&amp;</b> {x} $ 🦉 \\ \" \n rad två"


def picture(picture_id="d1", **other):
    known = {"picture_id": picture_id, "network_id": "bu-boda", "day": DAY}
    return known | cells(WRITTEN) | other


@pytest.fixture
def drafted(kept):
    """A store with the draft d1 of bu-boda."""
    kept.save_picture(picture(), "Åsa")
    return kept


@pytest.fixture
def signed(drafted):
    """The same, closed: version 2."""
    drafted.sign_picture("d1", 1, NUMBERS, "Åsa")
    return drafted


def open_of(kept, network_id="bu-boda"):
    table = kept.pictures()
    return table.index[(table["network_id"] == network_id) & table["signed_date"].isna()].tolist()


def test_a_draft_comes_back_as_it_was_saved(drafted):
    row = drafted.pictures().loc["d1"]
    assert of_row(dict(row)) == WRITTEN
    assert row[["network_id", "day", "version"]].tolist() == ["bu-boda", DAY, 1]
    assert pd.isna(row["signed_date"])
    assert drafted.signed_pictures().empty


def test_before_anything_is_kept_there_are_no_pictures(kept):
    assert kept.pictures().empty
    assert kept.pictures().index.name == "picture_id"
    assert kept.signed_pictures().empty
    assert "snapshot" in kept.signed_pictures()


def test_a_change_is_a_version_and_the_same_again_is_none(drafted):
    assert drafted.save_picture({"picture_id": "d1", "joint": "Nytt"}, "Bo", 1)
    assert not drafted.save_picture({"picture_id": "d1", "joint": "Nytt"}, "Bo", 2)
    row = drafted.pictures().loc["d1"]
    assert row[["joint", "version"]].tolist() == ["Nytt", 2]
    assert of_row(dict(row)).seen == WRITTEN.seen
    assert drafted.audit("d1")["action"].tolist() == ["new", "change"]
    assert drafted.audit("d1")["made_by"].tolist() == ["Åsa", "Bo"]


def test_a_draft_is_never_signed_by_the_way(drafted):
    drafted.save_picture(picture(joint="Nytt", signed_date=DAY), "Bo", 1)
    assert open_of(drafted) == ["d1"]
    drafted.save_picture(picture("n1", network_id="on-norrby", signed_date=DAY), "Bo")
    assert open_of(drafted, "on-norrby") == ["n1"]


def test_two_who_write_are_told_and_neither_loses_text(drafted):
    drafted.save_picture({"picture_id": "d1", "joint": "Åsas text"}, "Åsa", 1)
    with pytest.raises(store.ConflictError, match=r"Någon annan \(Åsa\) har ändrat lägesb") as told:
        drafted.save_picture({"picture_id": "d1", "joint": "Bos text"}, "Bo", 1)
    assert (told.value.theirs["joint"], told.value.theirs["version"]) == ("Åsas text", 2)
    assert drafted.pictures().at["d1", "joint"] == "Åsas text"
    for act in (drafted.remove_picture, drafted.undo_picture):
        with pytest.raises(store.ConflictError):
            act("d1", 1, "Bo")
    with pytest.raises(store.ConflictError):
        drafted.sign_picture("d1", 1, NUMBERS, "Bo")
    assert drafted.signed_pictures().empty


def test_a_network_has_one_open_draft_whatever_its_day(drafted):
    before = everything(drafted)
    with pytest.raises(GeoError, match=SECOND):
        drafted.save_picture(picture("d2", day=DAY + pd.Timedelta(days=9)), "Bo")
    with pytest.raises(GeoError, match="Lägesbilden 'd1' finns redan"):
        drafted.save_picture(picture(network_id="on-norrby"), "Bo")
    assert everything(drafted) == before
    drafted.save_picture(picture("n1", network_id="on-norrby"), "Bo")
    assert (open_of(drafted), open_of(drafted, "on-norrby")) == (["d1"], ["n1"])


def test_a_draft_cannot_move_to_a_network_that_has_one(drafted):
    drafted.save_picture(picture("n1", network_id="on-norrby"), "Bo")
    before = everything(drafted)
    with pytest.raises(GeoError, match=SECOND):
        drafted.save_picture({"picture_id": "n1", "network_id": "bu-boda"}, "Bo", 1)
    assert everything(drafted) == before


def test_undoing_a_move_cannot_make_two_drafts(drafted):
    drafted.save_picture({"picture_id": "d1", "network_id": "on-norrby"}, "Åsa", 1)
    drafted.save_picture(picture("d2"), "Bo")
    with pytest.raises(GeoError, match=SECOND):
        drafted.undo_picture("d1", 2, "Åsa")
    assert (open_of(drafted), open_of(drafted, "on-norrby")) == (["d2"], ["d1"])


def test_many_who_begin_at_once_make_one_draft(kept, store_url):
    kept.save_meetings(meetings(meeting()), "Åsa")
    refused = []

    def begin(n):
        with store.open(store_url) as own:
            try:
                own.save_picture(picture(f"d{n}"), f"w{n}")
            except GeoError as fault:
                refused.append(str(fault))

    threads = [threading.Thread(target=begin, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(open_of(kept)) == 1
    assert len(refused) == 5
    assert all(text.startswith("Nätverket har redan ett utkast.") for text in refused)


def test_changes_are_undone_step_by_step(drafted):
    drafted.save_picture({"picture_id": "d1", "joint": "två"}, "Bo", 1)
    drafted.save_picture({"picture_id": "d1", "focus": "", "joint": ""}, "Bo", 2)
    drafted.undo_picture("d1", 3, "Bo")
    row = drafted.pictures().loc["d1"]
    assert (row["joint"], of_row(dict(row)).focus) == ("två", WRITTEN.focus)
    drafted.undo_picture("d1", 4, "Bo")
    assert of_row(dict(drafted.pictures().loc["d1"])) == WRITTEN
    with pytest.raises(GeoError, match="inget mer att ångra"):
        drafted.undo_picture("d1", 5, "Bo")
    assert drafted.audit("d1")["action"].tolist() == ["new", "change", "change", "undo", "undo"]


def test_a_removed_draft_is_gone_and_can_be_brought_back(drafted):
    drafted.remove_picture("d1", 1, "Bo", "fel nätverk")
    assert drafted.pictures().empty
    assert drafted.pictures(removed=True).index.tolist() == ["d1"]
    drafted.bring_back_picture("d1", 2, "Bo")
    assert of_row(dict(drafted.pictures().loc["d1"])) == WRITTEN
    assert drafted.pictures(removed=True).empty
    assert drafted.audit("d1")["action"].tolist() == ["new", "remove", "bring_back"]
    assert drafted.audit("d1")["reason"].tolist() == ["", "fel nätverk", ""]


def test_what_is_removed_is_neither_changed_nor_signed(drafted):
    drafted.remove_picture("d1", 1, "Bo")
    before = everything(drafted)
    for act in (
        lambda: drafted.save_picture({"picture_id": "d1", "joint": "x"}, "Bo", 2),
        lambda: drafted.undo_picture("d1", 2, "Bo"),
        lambda: drafted.remove_picture("d1", 2, "Bo"),
        lambda: drafted.sign_picture("d1", 2, NUMBERS, "Bo"),
    ):
        with pytest.raises(GeoError, match=REMOVED):
            act()
    assert everything(drafted) == before


def test_a_removed_draft_is_not_brought_back_beside_another(drafted):
    drafted.remove_picture("d1", 1, "Bo")
    drafted.save_picture(picture("d2"), "Cia")
    before = everything(drafted)
    with pytest.raises(GeoError, match=SECOND):
        drafted.bring_back_picture("d1", 2, "Bo")
    assert everything(drafted) == before
    drafted.sign_picture("d2", 1, NUMBERS, "Cia")
    drafted.bring_back_picture("d1", 2, "Bo")
    assert open_of(drafted) == ["d1"]


def test_bringing_back_is_not_undone_without_a_word(drafted):
    drafted.save_picture({"picture_id": "d1", "joint": "två"}, "Bo", 1)
    drafted.remove_picture("d1", 2, "Bo")
    drafted.bring_back_picture("d1", 3, "Bo")
    before = everything(drafted)
    try:  # the store may refuse, or take back the text, but never say that it did and do nothing
        drafted.undo_picture("d1", 4, "Bo")
    except GeoError as fault:
        assert str(fault).startswith("Det senaste som gjordes med utkastet var att hämta tillbaka")
        assert everything(drafted) == before
    else:
        assert drafted.pictures().at["d1", "joint"] == WRITTEN.joint


def test_what_is_signed_stands_with_its_numbers(signed):
    row = signed.signed_pictures().iloc[0]
    assert of_row(dict(row)) == WRITTEN
    assert row[["picture_id", "network_id", "day"]].tolist() == ["d1", "bu-boda", DAY]
    assert (row["signed_date"], row["made_by"], row["snapshot"]) == (today(), "Åsa", NUMBERS)
    assert signed.pictures().at["d1", "signed_date"] == today()
    assert open_of(signed) == []
    assert signed.audit("d1")["action"].tolist() == ["new", "sign"]


@pytest.mark.parametrize(
    "act",
    [
        lambda kept, n: kept.save_picture({"picture_id": "d1", "joint": "x"}, "Bo", n),
        lambda kept, n: kept.save_picture(picture(), "Bo", n),
        lambda kept, n: kept.undo_picture("d1", n, "Bo"),
        lambda kept, n: kept.remove_picture("d1", n, "Bo"),
        lambda kept, n: kept.bring_back_picture("d1", n, "Bo"),
        lambda kept, n: kept.sign_picture("d1", n, "{}", "Bo"),
    ],
    ids=["save", "save_same", "undo", "remove", "bring_back", "sign"],
)
def test_a_signed_one_refuses_every_later_change(signed, act):
    before = everything(signed)
    for version in (1, 2, 3):
        with pytest.raises(GeoError, match=LOCKED) as told:
            act(signed, version)
        assert not isinstance(told.value, store.ConflictError)
    assert everything(signed) == before


def test_after_signing_a_new_one_is_begun_and_both_stand_in_their_order(signed):
    signed.save_picture(picture("a2", joint="Andra"), "Bo")
    assert open_of(signed) == ["a2"]
    signed.sign_picture("a2", 1, "{}", "Bo")
    assert signed.signed_pictures()["picture_id"].tolist() == ["d1", "a2"]
    assert signed.signed_pictures()["joint"].tolist() == ["Bra", "Andra"]


@pytest.mark.parametrize("picture_id", ["finns-inte", "'; DROP TABLE pictures; --", ""])
def test_a_picture_that_is_none_is_told(drafted, picture_id):
    for act in (
        lambda: drafted.save_picture({"picture_id": picture_id, "joint": "x"}, "Bo", 1),
        lambda: drafted.sign_picture(picture_id, 1, "{}", "Bo"),
        lambda: drafted.undo_picture(picture_id, 1, "Bo"),
        lambda: drafted.bring_back_picture(picture_id, 1, "Bo"),
    ):
        with pytest.raises(GeoError, match=r"^Lägesbilden .* finns inte\. Ladda om sidan"):
            act()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signed SET snapshot = '{}'",
        "UPDATE signed SET joint = 'annat' WHERE picture_id = 'd1'",
        "DELETE FROM signed",
        "DELETE FROM pictures WHERE picture_id = 'd1'",
        "INSERT INTO signed (picture_id, network_id, day, signed_date, made_at, made_by, snapshot)"
        " SELECT picture_id, network_id, day, signed_date, made_at, made_by, snapshot FROM signed",
        "INSERT INTO signed (picture_id, network_id, day, signed_date, made_at, made_by, snapshot)"
        " SELECT 'd9', network_id, day, signed_date, made_at, made_by, snapshot FROM signed",
    ],
)
def test_the_database_itself_keeps_what_is_signed(signed, statement):
    before = everything(signed)
    with pytest.raises(DBAPIError):
        sql(signed, statement)
    assert everything(signed) == before


def test_the_database_says_why_and_what_is_signed_is_not_emptied_at_once(signed):
    with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
        sql(signed, "UPDATE signed SET joint = ''")
    if signed.file.path is None:
        with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
            sql(signed, "TRUNCATE signed")
    assert signed.signed_pictures()["joint"].tolist() == ["Bra"]


@pytest.mark.parametrize("name", ["seen", "joint", "focus", "network_id"])
def test_a_nul_is_refused_by_its_column(kept, name):
    with pytest.raises(GeoError, match=f"^{name}: NUL-tecken kan inte sparas"):
        kept.save_picture(picture(**{name: "a\x00b"}), "Åsa")
    assert kept.pictures().empty


def test_sql_and_markup_are_text_like_any_other(kept):
    odd = Judgement({NASTY: NASTY}, NASTY, (Focus(NASTY, NASTY),) * 3)
    kept.save_picture(picture(NASTY, **cells(odd)), NASTY)
    kept.sign_picture(NASTY, 1, NASTY, NASTY)
    row = kept.signed_pictures().iloc[0]
    assert of_row(dict(row)) == odd
    assert (row["snapshot"], row["made_by"], row["picture_id"]) == (NASTY,) * 3
    assert of_row(dict(kept.pictures().loc[NASTY])) == odd


def test_a_version_tells_caches_of_every_change(kept):
    versions = [kept.version(store.NETWORKS)]
    for act in (
        lambda: kept.save_picture(picture(), "Åsa"),
        lambda: kept.save_picture({"picture_id": "d1", "joint": "x"}, "Åsa", 1),
        lambda: kept.undo_picture("d1", 2, "Åsa"),
        lambda: kept.remove_picture("d1", 3, "Åsa"),
        lambda: kept.bring_back_picture("d1", 4, "Åsa"),
        lambda: kept.sign_picture("d1", 5, "{}", "Åsa"),
    ):
        act()
        versions.append(kept.version(store.NETWORKS))
    assert len(set(versions)) == 7
    assert kept.version(store.FIELD) == "0"
    with pytest.raises(GeoError, match=LOCKED):
        kept.undo_picture("d1", 6, "Åsa")
    assert kept.version(store.NETWORKS) == versions[-1]


def test_a_backup_restored_keeps_both_and_the_guard(signed, tmp_path):
    signed.save_picture(picture("d2", joint=NASTY), "Bo")
    signed.backup(tmp_path / "kopia.sqlite")
    before = everything(signed, "versions", "audit")
    signed.save_picture({"picture_id": "d2", "joint": "efter"}, "Bo", 1)
    signed.sign_picture("d2", 2, "{}", "Bo")
    signed.restore(tmp_path / "kopia.sqlite", "Cia")
    assert everything(signed, "versions", "audit") == before
    with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
        sql(signed, "DELETE FROM signed")
    with pytest.raises(GeoError, match=LOCKED):
        signed.save_picture(picture(joint="x"), "Bo", 2)
    signed.sign_picture("d2", 1, "{}", "Bo")
    assert signed.signed_pictures()["picture_id"].tolist() == ["d1", "d2"]


def test_both_are_taken_out_as_layers(signed, tmp_path):
    signed.save_picture(picture("d2", joint=NASTY), "Bo")
    signed.export_layers(tmp_path / "allt.gpkg")
    drafts = gpd.read_file(tmp_path / "allt.gpkg", layer="pictures").set_index("picture_id")
    assert drafts.loc["d2", "joint"] == NASTY
    assert of_row(dict(drafts.fillna("").loc["d1"])) == WRITTEN
    closed = gpd.read_file(tmp_path / "allt.gpkg", layer="signed")
    assert closed[["picture_id", "snapshot", "made_by"]].to_numpy().tolist() == [
        ["d1", NUMBERS, "Åsa"]
    ]


def test_a_store_of_the_version_before_is_brought_up_with_all_its_rows(store_url):
    with store.open(store_url) as kept:
        with kept.file.writing(any_version=True) as connection:
            config = Config()
            config.set_main_option("script_location", str(upgrade.MIGRATIONS))
            config.attributes["connection"] = connection
            command.upgrade(config, "0003")
        sql(
            kept,
            "INSERT INTO meetings (meeting_id, date, network_id, kind, starred, counts_for_cadence,"
            " version) VALUES ('m1', '2026-01-02', 'on-norrby', 'ordinarie', false, true, 1)",
        )
        for ask in (kept.pictures, kept.signed_pictures):
            with pytest.raises(store.OldVersionError, match=r"\(0003, nu 0004\)"):
                ask()
        with pytest.raises(store.OldVersionError, match=r"\(0003, nu 0004\)"):
            kept.save_picture(picture(), "Åsa")
        with kept.file.writing(any_version=True) as connection:
            upgrade.to_newest(connection)
        assert kept.meetings().index.tolist() == ["m1"]
        assert kept.pictures().empty
        kept.save_picture(picture(), "Åsa")
        kept.sign_picture("d1", 1, NUMBERS, "Åsa")
        with pytest.raises(DBAPIError, match="historiken ändras aldrig"):
            sql(kept, "DELETE FROM signed")
