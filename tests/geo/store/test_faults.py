"""What can go wrong with a database: one sentence each, nothing touched, and no password shown."""

import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest
import sqlalchemy as sa

from geo import store
from geo.errors import GeoError
from tests.geo.store.making import (
    change,
    everything,
    finding,
    is_postgres,
    one,
    save,
    sql,
    take,
    walk,
)

AWAY = r"kan inte nås\. Kontrollera att den är i gång och att adressen stämmer\.$"
NOT_LET_IN = r"släpper inte in användaren\. Kontrollera namn och lösenord i adressen\.$"
READ_ONLY = r"är skrivskyddad\. Ge skrivrätt till användaren i databasen\.$"
FULL = r"får inte plats: disken är full\. Frigör utrymme och försök igen\.$"
BUSY = r"är upptagen av någon annan\. Vänta en stund och försök igen\.$"
READS = [lambda kept: kept.findings(), lambda kept: kept.version("field")]
WRITES = [
    lambda kept: save(kept, finding("f2")),
    lambda kept: change(kept, 1, description="x"),
    lambda kept: take(kept, finding("f3")),
    lambda kept: kept.save_walk(walk("w2"), "Bo"),
]


@pytest.fixture
def on_server(durable):
    """A store with a walk and a finding on a server that may be stopped."""
    with store.open(durable.fresh()) as opened:
        opened.save_walk(walk(), "Åsa")
        save(opened, finding(walk_id="w1"))
        yield opened
        if durable.process is None:
            durable.start()


def test_a_server_that_is_away_is_told_and_its_store_works_when_it_is_back(durable, on_server):
    before = everything(on_server)
    durable.stop()
    for act in READS + WRITES:
        with pytest.raises(GeoError, match=AWAY):
            act(on_server)
    durable.start()
    assert everything(on_server) == before
    change(on_server, 1, description="efter avbrottet")
    assert one(on_server)["description"] == "efter avbrottet"


def test_a_server_that_goes_away_in_the_middle_keeps_nothing_of_it(durable, on_server):
    before = everything(on_server)
    half = "UPDATE findings SET description = 'halvvägs'"
    with pytest.raises(GeoError, match=AWAY), on_server.file.writing() as connection:
        connection.exec_driver_sql(half)
        durable.stop()
        connection.exec_driver_sql(half)
    durable.start()
    assert everything(on_server) == before
    with pytest.raises(GeoError, match=AWAY), on_server.file.writing() as connection:
        connection.exec_driver_sql(half)
        durable.stop()
    durable.start()
    assert everything(on_server) == before
    save(on_server, finding("f2"))


def test_a_reader_whose_server_goes_away_is_told(durable, on_server):
    with pytest.raises(GeoError, match=AWAY), on_server.file.reading() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM findings")) == 1
        durable.stop()
        connection.scalar(sa.text("SELECT count(*) FROM findings"))
    durable.start()
    assert len(on_server.findings()) == 1


@pytest.fixture
def place(postgres):
    """An empty database, and a function that gives its address with something else in it."""
    url = sa.make_url(postgres.fresh())

    def other(**parts):
        host = parts.pop("host", None)
        query = url.query if host is None else {"host": host}
        return url.set(query=query, **parts).render_as_string(hide_password=False)

    return other


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"host": "/finns/inte"}, AWAY),
        ({"host": "127.0.0.1", "port": 1, "password": "hemligt"}, AWAY),
        ({"port": 1}, AWAY),
        (
            {"database": "saknas"},
            r"^Databasen saknas \(lokalt\) finns inte\. Skapa den med cre",
        ),
        ({"username": "ingen", "password": "hemligt"}, NOT_LET_IN),
    ],
)
def test_an_address_that_leads_nowhere_is_told(place, parts, sentence):
    with store.open(place(**parts)) as kept:
        for act in READS + WRITES:
            with pytest.raises(GeoError, match=sentence):
                act(kept)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://lage:hemligt@db:port/lagesbild",
        "postgresql://lage:hemligt@db",
        "postgresql:/lage:hemligt@db/lagesbild",
        "postgres:lage:hemligt@db/lagesbild",
        "://lage:hemligt@db/lagesbild",
        "mysql://lage:hemligt@db/lagesbild",
        "mysql://db/lagesbild?password=hemligt",
        "sqlserver://lage:hem/li:gt@hemligt@db/lagesbild",
        "postgresql://lage:hem@hemligt@db/lagesbild",
    ],
)
def test_no_password_is_shown_when_an_address_is_refused(url):
    with pytest.raises(GeoError, match="Databasen: sqlite:///sökväg eller postgresql://") as told:
        store.open(url)
    assert "ligt" not in str(told.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://lage:hemligt@127.0.0.1:1/lagesbild",
        "postgresql://lage:hem%40hemligt@127.0.0.1:1/lagesbild",
        "postgresql://127.0.0.1:1/lagesbild?user=lage&password=hemligt",
        "postgresql://lage:hemligt@/lagesbild?host=/finns/inte",
        "postgresql://lage@127.0.0.1:1/lagesbild?passwrod=hemligt",
    ],
)
def test_no_password_is_shown_when_a_database_does_not_answer(url):
    with store.open(url) as kept:
        assert "hemligt" not in kept.file.name
        with pytest.raises(GeoError, match=r"^Databasen lagesbild \((lokalt|127\.0\.0\.1)") as told:
            kept.findings()
    assert "hemligt" not in str(told.value)
    assert "hemligt" not in str(told.value.__cause__)


def test_a_wrong_password_is_told_and_not_shown(durable):
    rules = durable.folder / "data" / "pg_hba.conf"
    free = rules.read_text()
    url = sa.make_url(durable.fresh())
    durable.sql("CREATE ROLE gast LOGIN PASSWORD 'öppna'")
    durable.sql(f"ALTER DATABASE {url.database} OWNER TO gast")
    rules.write_text(f"local all gast scram-sha-256\n{free}")
    restart(durable)
    try:
        for password in ("hemligt", None):
            with store.open(named(url.set(username="gast", password=password))) as kept:
                with pytest.raises(GeoError, match=NOT_LET_IN) as told:
                    kept.findings()
                assert "hemligt" not in f"{told.value} {told.value.__cause__}"
        with store.open(named(url.set(username="gast", password="öppna"))) as kept:
            save(kept, finding())
            assert len(kept.findings()) == 1
    finally:
        rules.write_text(free)
        restart(durable)


def restart(server):
    server.stop()
    server.start()


def named(url):
    return url.render_as_string(hide_password=False)


@pytest.fixture
def limited(postgres):
    """A store with a finding, its address, and the address of a role that owns nothing there."""
    url = sa.make_url(postgres.fresh())
    with store.open(named(url)) as opened:
        save(opened, finding())
        role = f"gast_{url.database}"
        postgres.sql(f"CREATE ROLE {role} LOGIN")
        yield opened, url, role


def test_a_database_that_may_only_be_read_is_told(limited, postgres):
    kept, url, _ = limited
    before = everything(kept)
    postgres.sql(f"ALTER DATABASE {url.database} SET default_transaction_read_only = on")
    assert len(kept.findings()) == 1
    for act in WRITES:
        with pytest.raises(GeoError, match=READ_ONLY):
            act(kept)
    postgres.sql(f"ALTER DATABASE {url.database} RESET default_transaction_read_only")
    assert everything(kept) == before


def test_a_role_that_may_only_read_is_told(limited, postgres):
    kept, url, role = limited
    before = everything(kept)
    with store.open(named(url.set(username=role))) as guest:
        with pytest.raises(GeoError, match=READ_ONLY):
            guest.findings()
        postgres.sql(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}", url.database)
        assert len(guest.findings()) == 1
        for act in WRITES:
            with pytest.raises(GeoError, match=READ_ONLY):
                act(guest)
    assert everything(kept) == before


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("REVOKE CONNECT ON DATABASE {database} FROM PUBLIC", NOT_LET_IN),
        ("ALTER ROLE {role} CONNECTION LIMIT 0", r"har slut på resurser \(minne eller anslutning"),
        ("ALTER DATABASE {database} ALLOW_CONNECTIONS false", AWAY),
    ],
)
def test_a_role_that_is_not_let_in_is_told(limited, postgres, limit, sentence):
    _, url, role = limited
    postgres.sql(limit.format(database=url.database, role=role))
    with store.open(named(url.set(username=role))) as guest:
        for act in (*READS, *WRITES):
            with pytest.raises(GeoError, match=sentence):
                act(guest)


def test_an_empty_database_where_nothing_may_be_made_is_told(limited, postgres):
    _, url, role = limited
    empty = sa.make_url(postgres.fresh()).database
    with store.open(named(url.set(username=role, database=empty))) as guest:
        assert guest.findings().empty
        with pytest.raises(GeoError, match=READ_ONLY):
            save(guest, finding())
        assert guest.findings().empty


def test_a_database_without_postgis_is_told(limited, postgres):
    _, url, role = limited
    postgres.sql(f"CREATE DATABASE utan_{url.database} OWNER {role}")
    with store.open(named(url.set(username=role, database=f"utan_{url.database}"))) as guest:
        with pytest.raises(GeoError, match=r"saknar PostGIS\. Låt serverns förvaltare köra CREATE"):
            save(guest, finding())
        assert guest.findings().empty
        postgres.sql("CREATE EXTENSION postgis", f"utan_{url.database}")
        save(guest, finding())
        assert len(guest.findings()) == 1


def test_a_servers_own_habits_of_days_and_times_change_nothing(limited, postgres):
    kept, url, _ = limited
    for habit in ("datestyle = 'German, DMY'", "timezone = 'Pacific/Auckland'"):
        postgres.sql(f"ALTER DATABASE {url.database} SET {habit}")
    found, before = one(kept), kept.audit()["made_at"].iloc[0]
    assert found["observed_date"] == finding()["observed_date"]
    change(kept, 1, due_date=finding()["observed_date"])
    assert one(kept)["due_date"] == finding()["observed_date"]
    later = kept.audit(since=before)["made_at"]
    assert (later.iloc[0], len(later)) == (before, 2)
    assert kept.steps()["day"].tolist() == [finding()["observed_date"]]


def hasty(kept):
    """Return the same store opened by somebody who waits 50 ms only."""
    url = kept.file.engine.url
    return store.open(named(url.update_query_dict({"timeout": "0.05"})))


def test_a_writer_who_waited_in_vain_is_told_and_readers_wait_for_nobody(noted):
    before = everything(noted)
    with hasty(noted) as waiting:
        with noted.file.writing() as other:
            other.exec_driver_sql("UPDATE findings SET description = 'länge'")
            for act in WRITES:
                with pytest.raises(GeoError, match=BUSY):
                    act(waiting)
            assert one(waiting)["description"] == "Lampan vid f1"
            other.rollback()
        assert everything(noted) == before
        change(waiting, 1, description="nu gick det")
        assert one(noted)["description"] == "nu gick det"


def test_a_reader_who_takes_long_hinders_no_writer_and_sees_one_moment(noted):
    with hasty(noted) as writer, noted.file.reading() as reader:
        asked = sa.text("SELECT description FROM findings")
        assert reader.scalar(asked) == "Lampan vid f1"
        change(writer, 1, description="medan någon läser")
        assert reader.scalar(asked) == "Lampan vid f1"
    assert one(noted)["description"] == "medan någon läser"


def test_two_who_lock_each_other_are_told_and_nothing_is_kept(noted):
    if not is_postgres(noted):
        with hasty(noted) as other, noted.file.writing(), pytest.raises(GeoError, match=BUSY):
            save(other, finding("f2"))
        return
    before = everything(noted)
    with pytest.raises(GeoError, match=BUSY), noted.file.writing() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'deadlock_detected'; END $$"
        )
    assert everything(noted) == before


def in_nobodys_process(act, *arguments):
    """Do something in a process of its own, as a user who may not write everywhere."""
    context = get_context("fork")
    here, there = context.Pipe()

    def run():
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        try:
            there.send(act(*arguments))
        except GeoError as fault:
            there.send(str(fault))

    process = context.Process(target=run)
    process.start()
    there.close()
    found = here.recv()
    process.join()
    return found


@pytest.fixture
def open_folder():
    """A folder that every user reaches; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory(prefix="lage") as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.parametrize(
    ("of_file", "of_folder", "reading", "writing"),
    [
        (0o444, 0o777, "Lampan vid f1", r"^Databasen a\.sqlite är skrivskyddad\. Ge skrivrätt"),
        (0o444, 0o555, r"^Databasen a\.sqlite är skrivskyddad\. Ge skrivrätt till filen och", None),
        (0o666, 0o555, r"^Databasen a\.sqlite är skrivskyddad\. Ge skrivrätt till filen och", None),
        (0o000, 0o777, r"^Databasen a\.sqlite kan inte öppnas\. Kontrollera mappen och", None),
    ],
)
def test_a_file_or_folder_without_rights_is_told(open_folder, of_file, of_folder, reading, writing):
    path = open_folder / "a.sqlite"
    with store.open(str(path)) as kept:
        save(kept, finding())
        before = everything(kept)
        path.chmod(of_file)
        open_folder.chmod(of_folder)
        read = in_nobodys_process(lambda: str(one(kept)["description"]))
        assert re.search(reading, read), read
        for act in WRITES:
            told = in_nobodys_process(act, kept)
            assert re.search(writing or reading, told), told
        path.chmod(0o644)
        open_folder.chmod(0o755)
        assert everything(kept) == before
        change(kept, 1, description="åter skrivbar")


def test_a_new_store_in_a_folder_without_rights_is_told(open_folder):
    open_folder.chmod(0o555)
    with store.open(str(open_folder / "a.sqlite")) as kept:
        told = in_nobodys_process(lambda: save(kept, finding()))
    assert re.search(r"^Databasen a\.sqlite kan inte öppnas\. Kontrollera mappen", told), told
    open_folder.chmod(0o755)
    assert list(open_folder.iterdir()) == []


@pytest.fixture
def small_disk(open_folder):
    """A folder on a disk of a few MB, None where nobody lets us mount one."""
    folder = open_folder / "liten"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=777", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_up(folder, room=0):
    """Leave no room on a disk but for some bytes; returns the file that takes it."""
    taking = folder / "fyllnad"
    with taking.open("wb", buffering=0) as file:
        with pytest.raises(OSError, match="No space left"):
            while True:
                file.write(b"\x00" * 4096)
        file.truncate(file.tell() - room)
    return taking


def many(number):
    return [finding(f"{number}-{n}", description="å" * 500) for n in range(800)]


@pytest.mark.parametrize("room", [0, 65_536])
def test_a_full_disk_is_told_and_it_works_again_with_room(small_disk, tmp_path, room):
    path = (small_disk or tmp_path) / "a.sqlite"
    with store.open(str(path)) as kept:
        save(kept, finding())
        before = everything(kept)
        if small_disk is None:
            ((pages,),) = sql(kept, "PRAGMA page_count")
            limit = f"PRAGMA max_page_count={pages + room // 4096}"
            sa.event.listen(kept.file.engine, "connect", lambda raw, _: raw.execute(limit))
        else:
            taking = fill_up(small_disk, room)
        for act in (lambda: save(kept, *many(1)), lambda: take(kept, *many(2))):
            with pytest.raises(GeoError, match=FULL):
                act()
        if small_disk is None:
            limit = "PRAGMA max_page_count=100000"
        else:
            taking.unlink()
        assert everything(kept) == before
        save(kept, *many(1))
        assert len(kept.findings()) == 801
        assert sql(kept, "PRAGMA integrity_check") == [("ok",)]


def test_a_full_disk_of_the_server_is_told_and_it_works_again_with_room(small_disk, durable):
    url = sa.make_url(durable.fresh())
    if small_disk is not None:
        shutil.chown(small_disk, "postgres")
        durable.sql(f"CREATE TABLESPACE liten LOCATION '{small_disk}'")
    with store.open(named(url)) as kept:
        save(kept, finding())
        if small_disk is None:
            refuse_room(durable, url.database)
        else:
            for table in ("findings", "steps", "audit"):
                durable.sql(f"ALTER TABLE {table} SET TABLESPACE liten", url.database)
            taking = fill_up(small_disk)
        before = everything(kept)
        for act in (lambda: save(kept, *many(1)), lambda: take(kept, *many(2))):
            with pytest.raises(GeoError, match=FULL):
                act()
        assert everything(kept) == before
        if small_disk is None:
            durable.sql("DROP TRIGGER fullt ON audit", url.database)
        else:
            taking.unlink()
        save(kept, *many(1))
        assert len(kept.findings()) == 801
    if small_disk is not None:
        durable.sql(f"DROP DATABASE {url.database}")
        durable.sql("DROP TABLESPACE liten")


def refuse_room(server, name):
    """Let the server answer as it does on a full disk, where we may mount none."""
    server.sql(
        "CREATE FUNCTION fullt() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$",
        name,
    )
    server.sql("CREATE TRIGGER fullt BEFORE INSERT ON audit EXECUTE FUNCTION fullt()", name)


def test_a_file_that_another_program_has_locked_is_told(tmp_path):
    path = tmp_path / "a.sqlite"
    with store.open(f"sqlite:///{path}?timeout=0.05") as kept:
        save(kept, finding())
        before = everything(kept)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode=EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            for act in WRITES:
                with pytest.raises(GeoError, match=BUSY):
                    act(kept)
        assert everything(kept) == before
