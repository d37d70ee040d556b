"""The attacks: what each arranges, does and expects."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable
from urllib.parse import quote

from tests.support.misbehaving import Asked, Out, answer

from . import bombs
from .arena import Arena, Attack, until, with_signal

PLAIN, XML = "text/plain", "text/xml"
LOOPBACK_HOSTS = 40  # of the storm of hosts; each is a site of its own


def _link(n: int, title: str = "A story of which nobody has heard before") -> tuple[str, str]:
    return f"/2026/11/28/a-story-of-which-nobody-has-heard-{n:04}", f"{title}, part {n}"


# --- bombs


def _in_page(name: str, kilobytes: float) -> Attack:
    """A body that is an article's page."""

    def arrange(arena: Arena) -> None:
        web = arena.web()
        path, title = _link(1)
        web.page("/", bombs.front([_link(n) for n in range(1, 4)]))
        web.page(path, bombs.article(bombs.BODIES[name](arena.sized(kilobytes)), title))
        arena.source(f"page-{name}", web.url("/"))

    return Attack(f"page-{name}", "bombs", arrange)


def _in_feed(name: str, kilobytes: float) -> Attack:
    """A body that a feed carries whole."""

    def arrange(arena: Arena) -> None:
        web = arena.web()
        body = f"<p>{bombs.SENTENCE * 40}</p>{bombs.BODIES[name](arena.sized(kilobytes))}"
        web.page("/feed", bombs.feed([(web.url(_link(1)[0]), _link(1)[1], body)]), content_type="application/rss+xml")
        arena.source(f"feed-{name}", web.url("/"), f'discover.rss = ["{web.url("/feed")}"]')

    return Attack(f"feed-{name}", "bombs", arrange)


def _served(name: str, path: str, body: Callable[[int, str], bytes], kilobytes: float, **how: str) -> Attack:
    """One document of a site whose front is small."""

    def arrange(arena: Arena) -> None:
        web = arena.web()
        web.page("/", bombs.front([_link(n) for n in range(1, 4)]))
        web.page(path, body(arena.sized(kilobytes), web.url("")), content_type=how.get("content_type", "text/html"))
        arena.source(name, web.url("/"), how.get("seed", "").replace("HERE", web.url("")))

    return Attack(name, "bombs", arrange)


def _long_feed(size: int, base: str) -> bytes:
    """A feed of many items with full text."""
    body = f"<p>{bombs.SENTENCE * 30}</p>"
    return bombs.feed([(f"{base}{_link(n)[0]}", _link(n)[1], body) for n in range(size // 2600)])


def _front_of_links(size: int, base: str) -> bytes:
    return bombs.front([_link(n) for n in range(size // 160)])


BOMBS = [
    *(_in_feed(name, kilobytes) for name, kilobytes in (("pictures", 1800), ("divs", 1800), ("misnested", 400))),
    *(_in_page(name, kilobytes) for name, kilobytes in (("divs", 490), ("attributes", 340), ("tables", 800))),
    *(_in_page(name, kilobytes) for name, kilobytes in (("cells", 3000), ("links", 3000), ("brackets", 3000))),
    _served("json-ld", _link(1)[0], lambda size, _: bombs.json_ld(size), 900),
    _served("page-state", _link(1)[0], lambda size, _: bombs.page_state(size), 4000),
    _served(
        "robots-agents", "/robots.txt", lambda size, _: bombs.robots_of_agents(size), 467, content_type="text/plain"
    ),
    _served("robots-rules", "/robots.txt", lambda size, _: bombs.robots_of_rules(size), 500, content_type="text/plain"),
    _served("front-links", "/", _front_of_links, 4500),
    _served("long-feed", "/feed", _long_feed, 12_000, content_type=XML, seed='discover.rss = ["HERE/feed"]'),
    _served(
        "sitemap",
        "/map.xml",
        bombs.sitemap,
        15_000,
        content_type="text/xml",
        seed='discover.sitemap = ["HERE/map.xml"]',
    ),
    _served(
        "packed-sitemap",
        "/map.xml.gz",
        lambda size, base: bombs.packed(bombs.sitemap(size, base)),
        19_000,
        content_type="application/gzip",
        seed='discover.sitemap = ["HERE/map.xml.gz"]',
    ),
]


# --- hijacks


def _foreign_feed(arena: Arena) -> None:
    """A feed whose items claim the addresses of a healthy paper, with a text of their own."""
    web, paper = arena.web(), arena.papers[0]
    body = f"<p>{'This text was written by somebody else and praises a shop. ' * 30}</p>"
    taken = [(paper.web.url(path), title, body) for path, title in paper.told]
    coming = paper.web.url("/2026/11/what-will-be-told-tomorrow-900")  # claimed before the paper has it
    web.page("/feed", bombs.feed([*taken, (coming, "Claimed in advance", body)]), content_type="application/rss+xml")
    arena.source("foreign-feed", web.url("/"), f'discover.rss = ["{web.url("/feed")}"]')


def _nothing_was_taken(arena: Arena) -> list[str]:
    found = []
    status, body = arena.get("s/healthy-0.json")
    if status != 200 or b"praises a shop" in body:
        found.append("the words of the foreign feed stand in the paper's own")
    right = {title for _, title in arena.papers[0].told}
    found += [f"{title!r} is none of its titles" for _, _, title in arena.entries("healthy-0") if title not in right]
    return found


def _earlier_copy(arena: Arena) -> None:
    """A copy of a healthy paper's story that claims to be a year older, and is then rewritten."""
    web, paper = arena.web(), arena.papers[1]
    original, title = paper.told[0]
    path = "/2025/11/28/an-older-copy-of-that-story-0001"
    handler = paper.web._handlers[original]
    web.page("/", bombs.front([(path, title)]))
    web.on(path, handler)
    arena.source("earlier-copy", web.url("/"), wait=True)


def _own_story_stands(arena: Arena) -> list[str]:
    web = arena.papers[1].web
    status, body = arena.get("t/all.json")
    if status != 200:
        return [f"the topic answers {status}"]
    told = arena.papers[1].told[STORY_COPIED]
    return [] if web.url(told[0]).encode() in body.replace(b"\\/", b"/") else ["the copy stands for the story"]


STORY_COPIED = 4  # its place when the new stories of the paper stand before it
HIJACKS = [
    Attack("foreign-feed", "hijacks", _foreign_feed, check=_nothing_was_taken, visits=3),
    Attack("earlier-copy", "hijacks", _earlier_copy, check=_own_story_stands),
]


# --- storms


def _many_hosts(arena: Arena) -> None:
    """A feed that leads to many hosts, each with a large robots.txt."""
    text = b"User-agent: *\n" + b"Disallow: /private/of/this/host/and/of/no/other\n" * (arena.sized(480) // 49)
    hosts = [arena.web(f"127.7.0.{n}") for n in range(1, max(3, int(LOOPBACK_HOSTS * arena.size)))]
    for web in hosts:
        web.page("/robots.txt", text, content_type="text/plain")
        web.page(_link(1)[0], bombs.article("", f"A story of {web.host}"))
    home = arena.web()
    items = [(web.url(_link(1)[0]), f"A story of {web.host}", "<p>Short.</p>") for web in hosts]
    home.page("/feed", bombs.feed(items), content_type="application/rss+xml")
    arena.source("many-hosts", home.url("/"), f'discover.rss = ["{home.url("/feed")}"]')


def _hosts_are_small(arena: Arena) -> list[str]:
    kept = arena.count("SELECT coalesce(sum(length(pace)), 0) FROM host")
    return [f"the store keeps {kept / 1e6:.1f} MB of hosts"] if kept > 4_000_000 else []


def _spellings(arena: Arena) -> None:
    """Nothing to arrange: the attacker is a reader."""


def _ask_spelled(arena: Arena) -> None:
    """One document by thousands of spellings of its address."""
    plain = "s/healthy-0.atom"
    count = int(10_000 * arena.size)
    with socket.create_connection(("127.0.0.1", arena.port), timeout=10) as sock:
        for n in range(count):
            spelled = "".join(f"%{ord(c):02x}" if n >> place & 1 else c for place, c in enumerate(plain))
            _ask(sock, arena.port, "/" + spelled)


def _guess_tokens(arena: Arena) -> None:
    """Thousands of wrong tokens, and of names that nobody has."""
    with socket.create_connection(("127.0.0.1", arena.port), timeout=10) as sock:
        for n in range(int(3000 * arena.size)):
            _ask(sock, arena.port, f"/t/token-that-is-wrong-{n:06}/all.atom")
            _ask(sock, arena.port, f"/t/{quote('no such topic')}-{n}.atom")


def _ask(sock: socket.socket, port: int, path: str) -> None:
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    got = sock.recv(65_536)
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        (int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")), 0
    )
    while len(body) < length:
        body += sock.recv(65_536)


def _long_links(arena: Arena) -> None:
    """A front with hundreds of long links that nobody has seen, other ones at every visit."""
    web = arena.web()
    turn = [0]

    async def handler(asked: Asked, out: Out) -> bool:
        turn[0] += 1
        links = [(f"/2026/11/28/{'long-' * 350}{turn[0]:04}-{n:04}", f"A story {turn[0]}, {n}") for n in range(200)]
        await out.send(answer(bombs.front(links)))
        return True

    web.on("/", handler)
    arena.source("long-links", web.url("/"))


def _crowd(arena: Arena) -> None:
    """More connections than one address may have, which say nothing."""
    for _ in range(int(600 * arena.size)):
        sock = arena.stack.enter_context(socket.socket())
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", arena.port))


STORMS = [
    Attack("many-hosts", "storms", _many_hosts, check=_hosts_are_small),
    Attack("spellings", "storms", _spellings, meanwhile=_ask_spelled),
    Attack("tokens", "storms", _spellings, meanwhile=_guess_tokens),
    Attack("long-links", "storms", _long_links, visits=3),
]


# --- hangs


def _faulty(fault: str, count: int) -> Attack:
    """Several sites that do the same wrong."""

    def arrange(arena: Arena) -> None:
        for n in range(max(1, int(count * arena.size))):
            web = arena.web()
            arena.source(f"{fault}-{n}", web.url(f"/fault/{fault}"))

    return Attack(f"{fault}-sites", "hangs", arrange, visits=1)


def _slow_pages(arena: Arena) -> None:
    """Several sites of which every page keeps a reader busy for as long as a page can."""
    for n in range(max(2, int(8 * arena.size))):
        web = arena.web()
        web.page("/", bombs.front([_link(i) for i in range(1, 4)]))
        for i in range(1, 4):
            web.page(_link(i)[0], bombs.article(bombs.many_links(460_000 + 50 * i), _link(i)[1]))
        arena.source(f"slow-pages-{n}", web.url("/"), wait=n < 2)


def _kill_workers(arena: Arena) -> None:
    """Readers are killed from outside while they read, again and again."""
    last = time.monotonic() + 6.0 * arena.size + 2.0
    while time.monotonic() < last:
        for worker in arena.workers():
            with_signal(worker, signal.SIGKILL)
        time.sleep(0.7)  # so that some of them have begun to read


def _nothing_is_barred(arena: Arena) -> list[str]:
    count = arena.count("SELECT count(*) FROM bad_page")
    return [f"{count} pages are barred for a death that came from outside"] if count else []


def _freeze_workers(arena: Arena) -> None:
    """Readers stand still for a while."""
    until(lambda: arena.workers(), "a reader runs")
    stopped = arena.workers()
    for worker in stopped:
        with_signal(worker, signal.SIGSTOP)
    time.sleep(3.0)  # so long they stand still: the attack itself
    for worker in stopped:
        with_signal(worker, signal.SIGCONT)


HANGS = [
    _faulty("silence", 6),
    _faulty("drip-body", 6),
    _faulty("endless-body", 4),
    Attack("slow-pages", "hangs", _slow_pages, visits=1),
    Attack("killed-workers", "hangs", _spellings, meanwhile=_kill_workers, check=_nothing_is_barred),
    Attack("frozen-workers", "hangs", _spellings, meanwhile=_freeze_workers, check=_nothing_is_barred),
]


# --- damage


def _cut_pages(arena: Arena) -> None:
    """Pages and feeds that end in the middle of anything."""
    web = arena.web()
    page = bombs.article("<p>" + bombs.SENTENCE * 20)
    web.page("/", bombs.front([_link(n) for n in range(1, 30)]))
    for n in range(1, 30):
        web.page(_link(n)[0], page[: len(page) * n // 30] + b"\xff\xfe\x00")
    arena.source("cut-pages", web.url("/"))


def _lost_files(arena: Arena) -> None:
    """Published files are deleted while the daemon runs."""
    for path in list(arena.folder.glob("var/public/s/healthy-*")):
        if path.is_file():
            path.unlink()


DAMAGE = [
    Attack("cut-pages", "damage", _cut_pages),
    Attack("lost-files", "damage", _spellings, meanwhile=_lost_files),
]

ATTACKS: dict[str, Attack] = {one.name: one for one in (*BOMBS, *HIJACKS, *STORMS, *HANGS, *DAMAGE)}
