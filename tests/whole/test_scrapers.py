"""A desk and two scrapers over PostgreSQL: the same feeds as of one process, whoever is killed meanwhile."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.support import preloaded
from tests.support.machines import Machines
from tests.support.playing import Play, place
from tests.support.postgres import Postgres
from tests.support.waiting import PATIENCE, until, until_of

pytestmark = [pytest.mark.real, pytest.mark.xdist_group("scrapers")]


def entries(play: Play) -> dict[str, list[tuple[str, str, str, str]]]:
    """What readers see of each feed: id, page, title, text; in no order."""
    return {
        name: sorted((one.id, place(one.link), one.title, one.text) for one in found)
        for name, found in play.look().items()
        if not name.endswith("_health.atom")
    }


def whole(play: Play) -> bool:
    """Whether everything that the sites tell of is published."""
    return not play.missing() and not play.once_each()


def test_feeds_are_those_of_one_process(tmp_path: Path, postgres_url: str) -> None:
    with Play(tmp_path / "one", seed=5, inside=True) as play:
        names = names_of(play)
        play.start()
        until(lambda: whole(play), "one process published all")
        play.stop()
        alone = by_site(entries(play), names)
    assert sum(map(len, alone.values())) > 20
    with Play(tmp_path / "many", seed=5) as play, Machines(tmp_path, postgres_url) as machines:
        for _ in range(2):
            machines.scraper(2)
        machines.on_server(play.config)
        play.process = machines.desk(play.config)
        try:
            until_of(play.process, lambda: play.get("health")[0] == 200, "the desk answers")
            until(lambda: whole(play), "a desk and two scrapers published all")
        except TimeoutError as error:
            raise AssertionError(machines.logs()) from error
        assert by_site(entries(play), names_of(play)) == alone
        assert play.watch.faults == []


def names_of(play: Play) -> dict[str, str]:
    """Address and port of each site → its name: no two newsrooms share their ports."""
    return {urlsplit(home).netloc: name for name, home in play.newsroom.homes.items()}


def by_site(feeds: dict[str, list[tuple[str, str, str, str]]], names: dict[str, str]) -> dict[str, list[str]]:
    """Feeds with the names of sites in place of their ports, which no two newsrooms share."""

    def named(page: str) -> str:
        where, _, path = page.partition("/")
        return f"{names[where]}/{path}"

    return {name: sorted(f"{named(page)} {title}" for _, page, title, _ in found) for name, found in feeds.items()}


def test_scrapers_desks_and_the_server_may_be_killed(tmp_path: Path, postgres_own: Postgres) -> None:
    url = postgres_own.url(postgres_own.create())
    with Play(tmp_path / "many", seed=6, every="0.5s") as play, Machines(tmp_path, url) as machines:
        machines.on_server(play.config)
        first, _ = machines.scraper(4), machines.scraper(4)
        for _ in range(2):
            machines.desk(play.config)
        machines.until(lambda: play.get("health")[0] == 200, "a desk answers")
        machines.until(lambda: sum(map(len, play.sources_have().values())) > 3, "the first stories are there")
        machines.kill(first)
        machines.scraper(4)
        leader = machines.leader()
        assert leader is not None
        machines.kill(leader)
        machines.until(lambda: play.get("health")[0] == 200, "the other desk answers")
        postgres_own.restart("immediate")
        try:
            until(
                lambda: machines.supervise(play.config) is not None and whole(play),
                "everything is published all the same",
            )
        except TimeoutError as error:
            raise AssertionError(f"{play.missing()} {play.once_each()}\n{machines.logs()}") from error
        assert play.watch.faults == []

        def there() -> set[int]:  # their processes; the one that was killed is there for some time
            scrapers = json.loads(play.get("status.json")[1])["work"]["scrapers"]
            return {one["pid"] for one in scrapers if not one["gone"]}

        running = {one.pid for one in machines.scrapers}
        machines.until(lambda: there() == running, "the scraper that was killed counts as gone, the others do not")
        done = play.copydesk("status")
        assert done.returncode == 0 and "2 scrapers" in done.stdout, done.stdout
        assert b"copydesk_scrapers 2.0" in play.get("metrics")[1]
        assert all(code == 0 for code in machines.end(machines.scrapers)), machines.logs()


def test_a_scraper_waits_for_its_desk_and_stops_when_told(tmp_path: Path, postgres_url: str) -> None:
    with Machines(tmp_path, postgres_url) as machines:
        process = machines.scraper(2)
        log = tmp_path / "scraper-0.log"
        until_of(process, lambda: "waiting" in log.read_text(), "it says that it waits", log)
        assert machines.end([process]) == [0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--url", "sqlite:x.db"], "should be postgresql://"),
        (["--url", "postgresql://u:secret@h/d"], "holds a password"),
        (["--url", "postgresql://u@h/d", "--password", "secret"], "never the password itself"),
        (["--url", "postgresql://u@h/d", "-j", "0"], "between 1 and 200"),
    ],
)
def test_wrong_usage_is_told_in_a_line(words: list[str], told: str) -> None:
    done = preloaded.run(["scraper", *words], timeout=PATIENCE)
    assert done.returncode == 2 and told in done.stderr and "secret" not in done.stderr.replace("--password", "")
    assert "Traceback" not in done.stderr
