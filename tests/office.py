"""An office for tests: its own folder, its own store and clock, no network, and a site to publish."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import cast

from tbt_watch.app import App, open_app
from tbt_watch.config import Config
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.translation import Translation

HEADLINE = "EU: Dự thảo quy định về mức dư lượng chlorpyrifos trong quả có múi"


@dataclass(kw_only=True)
class Office:
    """The house of an office, and the hands that tests need."""

    app: App
    at: datetime

    def later(self, **by: float) -> datetime:
        """Let time pass."""
        self.at += timedelta(**by)
        return self.at

    def accepted(self, notice: Notice, *texts: Translation, **how: object) -> int:
        """A notice that was read, put into Vietnamese, tagged and accepted at this moment."""
        said = texts or (
            cast.said("headline", HEADLINE),
            cast.said("opening", "Ngày 18/11/2026, EU thông báo."),
        )
        return cast.accept(self.app.store, notice, self.at, translations=said, **how)  # type: ignore[arg-type]


@contextmanager
def office(folder: Path, empty: bytes, at: datetime) -> Iterator[Office]:
    """An office in that folder, on an empty database."""
    config = Config()
    config = replace(
        config,
        store=replace(config.store, path=folder / "store.db"),
        office=replace(
            config.office,
            name="Chi cục Tiêu chuẩn Đo lường Chất lượng",
            department="Sở Khoa học và Công nghệ",
        ),
        bulletin=replace(
            config.bulletin,
            folder=folder / "site",
            base_url="https://tbt.example.vn",
            subtitle="Hàng rào kỹ thuật trong thương mại",
            licence="Số 12/GP-XBBT",
            editor="Nguyễn Văn Ổn, Chi cục trưởng",
        ),
    )
    (folder / "store.db").write_bytes(empty)
    made = Office(app=None, at=at)  # type: ignore[arg-type] # the house needs the clock first
    with open_app(config, lambda: made.at) as app:
        made.app = app
        yield made
