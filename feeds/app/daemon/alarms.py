"""Alarms: the begin and end of troubles, reported once each by a command, a webhook or mail.

Events at the same time go into one message, so that a dead network is one alarm and not a thousand.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import smtplib
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import structlog

from scrapers import CopydeskError, in_words

from ...health.feed import headline, since
from ...messages import PageLocale, times, translate
from ...messages.engine_words import said
from ...store import TroubleRow
from ..application import Application
from ..config.config import Config
from ..config.tables import AlarmConfig

log = structlog.get_logger()
COMMAND_SECONDS = 60.0
MAIL_SECONDS = 30.0
FIRST_WAIT = 60.0  # after a channel failed; doubling up to LONGEST_WAIT
LONGEST_WAIT = 3600.0

Happening = tuple[TroubleRow, str]  # "begin" or "end"


class AlarmFailed(CopydeskError):
    """A channel did not take an alarm. It is sent again later."""


class Alarms:
    """The channels of an installation. `tell` sends what is due. A channel that fails waits longer each time."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self._waits: dict[str, tuple[float, float]] = {}  # channel → (not before, by the loop's clock; the wait)
        self._opened: set[str] = set()

    async def tell(self) -> int:
        """Send everything that is due; the number of events sent."""
        count = 0
        for channel, send in _channels(self.app).items():
            count += await self._tell_by(channel, send)
        return count

    async def _tell_by(self, channel: str, send: Callable[[Sequence[Happening]], Awaitable[None]]) -> int:
        app, store, now = self.app, self.app.thread.store, self.app.clock()
        clock = asyncio.get_running_loop().time
        not_before, wait = self._waits.get(channel, (0.0, FIRST_WAIT))
        if clock() < not_before:
            return 0
        if channel not in self._opened:
            await app.thread.call(store.troubles.open_channel, channel, now)
            self._opened.add(channel)
        due = await app.thread.call(store.troubles.untold, channel)
        if not due:
            return 0
        try:
            await send(due)
        except (CopydeskError, OSError, smtplib.SMTPException) as error:
            self._waits[channel] = (clock() + wait, min(wait * 2, LONGEST_WAIT))
            why = error.reason if isinstance(error, CopydeskError) else str(error)
            log.error("an alarm could not be sent", channel=channel, why=why, again=f"in {in_words(wait)}")
            return 0
        self._waits.pop(channel, None)
        await app.thread.call(store.troubles.tell, channel, [(trouble.n, what) for trouble, what in due], now)
        log.info("alarm sent", channel=channel, happenings=len(due))
        return len(due)


def message(config: Config, happenings: Sequence[Happening]) -> dict[str, Any]:
    """What a command reads on its standard input and a webhook gets as its body: words in the language of the
    installation, moments in its zone."""
    locale = config.page_locale
    return {
        "title": config.title,
        "status": f"{config.base_url}/status.json",
        "text": subject(happenings, locale.language),
        "happenings": [
            {
                "what": what,
                "about": trouble.subject,
                "kind": trouble.kind,
                "state": trouble.state if what == "begin" else "ok",
                "cause": said(trouble.cause, locale.language),
                "since": _moment(trouble.since, locale),
                "noticed": _moment(trouble.opened, locale),
                "over": _moment(trouble.closed, locale),
                "text": headline(what, trouble, locale.language),
            }
            for trouble, what in happenings
        ],
    }


def subject(happenings: Sequence[Happening], language: str) -> str:
    """The happenings in one line."""
    if len(happenings) == 1:
        trouble, what = happenings[0]
        return headline(what, trouble, language)
    begun = sum(what == "begin" for _, what in happenings)
    parts = [translate("{count} in trouble", language).format(count=begun)] if begun else []
    if begun < len(happenings):
        parts.append(translate("{count} over", language).format(count=len(happenings) - begun))
    return ", ".join(parts)


def _channels(app: Application) -> dict[str, Callable[[Sequence[Happening]], Awaitable[None]]]:
    config = app.installation.config
    alarms = config.alarms
    channels: dict[str, Callable[[Sequence[Happening]], Awaitable[None]]] = {}
    if alarms.command:
        channels["command"] = lambda happenings: by_command(alarms.command, message(config, happenings))
    if alarms.webhook or alarms.webhook_file:
        channels["webhook"] = lambda happenings: _by_webhook(app, happenings)
    if alarms.mail:
        channels["mail"] = lambda happenings: asyncio.to_thread(by_mail, alarms, config, happenings)
    return channels


async def by_command(command: Sequence[str], told: dict[str, Any]) -> None:
    """Run a command, without a shell, with the message as JSON on its standard input. Raises AlarmFailed, OSError."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            _, err = await process.communicate(json.dumps(told).encode())
    except TimeoutError as error:
        raise AlarmFailed(f"{command[0]} did not end within {COMMAND_SECONDS:.0f} s") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if process.returncode:
        raise AlarmFailed(f"{command[0]} ended with {process.returncode}: {err.decode('utf-8', 'replace')[:200]}")


async def _by_webhook(app: Application, happenings: Sequence[Happening]) -> None:
    """Send one POST with JSON through the guarded fetcher. Raises AlarmFailed, CopydeskError."""
    config = app.installation.config
    url = _secret(config, config.alarms.webhook, config.alarms.webhook_file)
    body = json.dumps(message(config, happenings), ensure_ascii=False).encode("utf-8", "replace")
    networks = config.alarms.webhook_networks
    headers = {"Content-Type": "application/json"}
    answer = await app.fetcher.send("POST", url, body=body, headers=headers, networks=networks)
    if not 200 <= answer.status < 300:
        raise AlarmFailed(f"the webhook answered {answer.status}")


def by_mail(alarms: AlarmConfig, config: Config, happenings: Sequence[Happening]) -> None:
    """Send one mail over SMTP; runs in a thread. Raises AlarmFailed, OSError, SMTPException."""
    mail = EmailMessage()
    locale = config.page_locale
    told = f"[{config.title}] {subject(happenings, locale.language)}"
    mail["Subject"] = told.replace("\n", " ").replace("\r", " ")[:200]
    mail["From"] = alarms.sender or alarms.mail
    mail["To"] = alarms.mail
    lines = [f"{headline(what, trouble, locale.language)}\n  {since(trouble, locale)}" for trouble, what in happenings]
    mail.set_content("\n\n".join([*lines, f"{config.base_url}/status.json"]) + "\n")
    host, _, port = alarms.smtp.rpartition(":")
    host, context = host.strip("[]"), ssl.create_default_context()
    server: smtplib.SMTP
    if alarms.smtp_security == "tls":
        server = smtplib.SMTP_SSL(host, int(port), timeout=MAIL_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, int(port), timeout=MAIL_SECONDS)
    with server:
        if alarms.smtp_security == "starttls":
            server.starttls(context=context)
        if alarms.smtp_user:
            server.login(alarms.smtp_user, _secret(config, None, alarms.smtp_password_file))
        server.send_message(mail)


def _secret(config: Config, value: str | None, file: str | None) -> str:
    """A secret from the configuration or from the file it names."""
    if value is not None or file is None:
        return value or ""
    path = config.path(file)
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise AlarmFailed(f"{path}: cannot be read") from error


def _moment(when: datetime | None, locale: PageLocale) -> str | None:
    return None if when is None else when.astimezone(times.zone(locale.timezone)).isoformat(timespec="seconds")
