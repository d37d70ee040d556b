"""The pictures of the desk in the README, made anew: `python docs/desk_pictures.py`.

The real daemon on the demo's sites, looked at by Chromium; see tests/whole/test_desk.py for what a machine needs.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.browser import chromium  # noqa: E402  found by the line above
from tests.support.playing import Play, until  # noqa: E402

TARGET = ROOT / "docs" / "pictures"
NEW = "tarnmouth-star"
WIDTH, HEIGHT = 1280, 860


def main() -> None:
    """Make the three pictures."""
    with tempfile.TemporaryDirectory() as folder, Play(Path(folder), every="2s") as play, chromium() as browser:
        (play.folder / "seeds" / f"{NEW}.toml").unlink()
        play.start()
        until(lambda: not play.missing(frozenset([NEW])), "the first round is in the feeds")
        play.newsroom.advance(play.newsroom.length)
        until(lambda: len(play.feed("t/everything.atom")) >= 50, "the script is over")
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        link = play.copydesk("desk", "link").stdout.strip()
        page.goto(link)
        page.wait_for_url("**/desk")
        base = link.partition("/desk")[0]

        page.get_by_label("Follow a site").fill(play.newsroom.homes[NEW])
        page.get_by_role("button", name="Look at it").click()
        page.get_by_role("button", name="Follow it").wait_for()
        page.screenshot(path=TARGET / "desk-follow.png")

        page.goto(f"{base}/desk/topics/harbour")
        page.screenshot(path=TARGET / "desk-topic.png")

        page.goto(f"{base}/desk/stories?q=title:timetable")
        page.locator("main .stories a").first.click()
        page.frame_locator("iframe").get_by_role("heading").first.wait_for()
        page.screenshot(path=TARGET / "desk-story.png")


if __name__ == "__main__":
    main()
