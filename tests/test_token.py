"""A token that is wrong or was revoked: the service goes on, says so where one looks, and never names it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot_api import BotApi, serving
from cast import accept, named, subscriber
from desk import CONFIG, Desk, Printed

from tbt_watch.domain.edition import Edition, EditionItem
from tbt_watch.store import Store

GOOD, REVOKED, NONE = "123456:the-one-that-holds", "123456:one-that-was-revoked", "that-is-none"


def waiting(path: Path) -> None:
    """Somebody on Telegram and somebody else are to be told something."""
    now = datetime.now(UTC)
    key = "G/SPS/N/EU/1234"
    with Store.open(path) as store:
        accept(store, named(key, "EU"), now)
        store.subscribers.save(subscriber("77", channel="telegram", since=now))
        store.subscribers.save(subscriber("htx", since=now))
        item = EditionItem(notice_key=key, version=1, reason="general")
        edition = Edition(
            kind="daily", audience=subscriber("77").audience, lang="vi", until=now, items=(item,)
        )
        assert store.editions.compose(edition, now) is not None


@pytest.mark.slow
def test_everything_else_goes_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    said: list[Printed] = []
    with serving(BotApi(token=GOOD)) as api:
        desk = Desk(
            tmp_path,
            f'{CONFIG}[deliver]\nchannels = ["pretend", "telegram"]\n'
            f'[deliver.telegram]\nbot = "tbt_bot"\nbase_url = "{api.base_url}"\n',
        )
        waiting(tmp_path / "data" / "tbt-watch.db")
        for verb, token in (("deliver", REVOKED), ("status", REVOKED), ("doctor", REVOKED), ("doctor", NONE)):
            monkeypatch.setenv("TBT_TELEGRAM_TOKEN", token)
            said.append(desk.shell(verb, "--lang", "en"))
        assert [one.code for one in said] == [1, 0, 1, 1]
        for one in said:
            assert "Telegram refuses our token" in one.out + one.err
        assert list((tmp_path / "data" / "messages").rglob("*.txt")), "the others got theirs"
        assert "telegram · Waiting to be sent: 1" in said[1].out
        monkeypatch.setenv("TBT_TELEGRAM_TOKEN", GOOD)
        said.append(desk.shell("doctor", "--lang", "en"))
        assert "Telegram knows our bot: @tbt_watch_bot." in said[-1].out
        with Store.open(
            tmp_path / "data" / "tbt-watch.db"
        ) as store:  # the minute that the channel rests is over
            (one,) = store.deliveries.newest("PENDING")
            assert one.attempts == 0, "it used up no attempt"
            store.deliveries.record(one.id, 1, "PENDING", datetime.now(UTC))
        said.append(desk.shell("deliver", "--lang", "en", "--debug"))
        assert [chat for chat, _, _ in api.taken] == ["77"]
        said.append(desk.shell("status", "--lang", "en"))
        assert "refuses our token" not in said[-1].out
    whole = "".join(one.out + one.err for one in said)
    assert not [token for token in (GOOD, REVOKED, NONE) if token in whole]
