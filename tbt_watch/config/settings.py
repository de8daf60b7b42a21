"""What an office can set: one frozen dataclass a section of the file, with the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Literal

from tbt_watch.errors import ConfigError

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_ADDRESS = {"address": True}  # a web address, or empty


@dataclass(frozen=True, kw_only=True, slots=True)
class EnquiryPoint:
    """A national office that takes comments; what is empty is not printed."""

    name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    website: str = field(default="", metadata=_ADDRESS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Enquiry:
    """The national offices by area: TBT and SPS have different ones."""

    tbt: EnquiryPoint = EnquiryPoint(name="Văn phòng TBT Việt Nam")
    sps: EnquiryPoint = EnquiryPoint(name="Văn phòng SPS Việt Nam")


@dataclass(frozen=True, kw_only=True, slots=True)
class LeadDays:
    """Calendar days before a comment deadline by which the national office wants our comments."""

    tbt: int = field(default=15, metadata={"least": 0, "most": 60})
    sps: int = field(default=15, metadata={"least": 0, "most": 60})

    @property
    def by_area(self) -> Mapping[str, int]:
        """As the stages take it: area in lower case → days."""
        return {"tbt": self.tbt, "sps": self.sps}


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficeSettings:
    """Who publishes. ``department``: the body it belongs to; ``contact``: what sources see in our User-Agent."""

    name: str = "TBT Watch"
    province: str = ""
    department: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    website: str = field(default="", metadata=_ADDRESS)
    contact: str = ""
    days_off: tuple[date, ...] = ()
    lead_days: LeadDays = LeadDays()
    enquiry: Enquiry = Enquiry()


@dataclass(frozen=True, kw_only=True, slots=True)
class StoreSettings:
    """Where things are kept: the database file, and the folder of the translation packages."""

    path: Path = Path("data/tbt-watch.db")
    models: Path = Path("data/models")


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedSettings:
    """A feed of articles that the office wants to read: a source of its own, switched on under its ``name``. ``home``
    is a page that a person can open."""

    name: str = field(default="", metadata={"form": r"[a-z][a-z0-9_]{1,39}"})
    title: str = field(default="", metadata={"needed": True})
    address: str = field(default="", metadata={"needed": True, **_ADDRESS})
    language: Literal["vi", "en", "fr", "es"] = "vi"
    home: str = field(default="", metadata={"needed": True, **_ADDRESS})


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceSettings:
    """What is collected. ``mirrors``: host → the address that is asked instead of it; ``eping_key``: the key for the
    WTO's official interface, which the source eping_api asks. ``answers``: how many of a source's answers are kept as
    they came, and as many that could not be read; ``answers_mb``: megabytes for all of them."""

    enabled: tuple[str, ...] = ("eping_web", "eping_workbook", "congbao")
    window_days: int = field(default=45, metadata={"least": 1, "most": 3650})
    answers: int = field(default=50, metadata={"least": 0, "most": 10_000})
    answers_mb: int = field(default=200, metadata={"least": 1, "most": 100_000})
    mirrors: Mapping[str, str] = field(default_factory=dict)
    feeds: tuple[FeedSettings, ...] = ()
    eping_key: str = field(default="", repr=False, metadata={"environment": "TBT_EPING_KEY"})


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptSettings:
    """Who accepts a notice: ``auto``, what is in order goes out at once; ``staff``, everything waits for a person."""

    policy: Literal["auto", "staff"] = "auto"


@dataclass(frozen=True, kw_only=True, slots=True)
class TranslateSettings:
    """The engine for free text. ``threads``: batches at a time, 0 for one a core; ``mirror``: a base address for
    packages, asked before their own."""

    engine: Literal["argos", "none"] = "argos"
    beam: int = field(default=4, metadata={"least": 1, "most": 16})
    threads: int = field(default=0, metadata={"least": 0, "most": 256})
    mirror: str = field(default="", metadata=_ADDRESS)


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestSettings:
    """When editions go out. ``quiet``: from, to; ``instant_minutes``: how long instant alerts are gathered."""

    daily: time = time(7, 0)
    weekly_day: Weekday = "mon"
    weekly: time = time(7, 0)
    quiet: tuple[time, time] = (time(21, 0), time(6, 30))
    instant_minutes: int = field(default=5, metadata={"least": 1, "most": 1440})


@dataclass(frozen=True, kw_only=True, slots=True)
class PretendSettings:
    """Where pretended messages are written."""

    folder: Path = Path("data/messages")


@dataclass(frozen=True, kw_only=True, slots=True)
class TelegramSettings:
    """``base_url`` is what stands before the token."""

    base_url: str = field(default="https://api.telegram.org/bot", metadata=_ADDRESS)
    token: str = field(default="", repr=False, metadata={"environment": "TBT_TELEGRAM_TOKEN"})

    def required_token(self) -> str:
        """The token. Raises ConfigError when none was handed over."""
        if not self.token:
            raise ConfigError(
                "The channel telegram is switched on, but there is no token: put it into the environment as"
                " TBT_TELEGRAM_TOKEN, or into a file that TBT_TELEGRAM_TOKEN_FILE names."
            )
        return self.token


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverSettings:
    """The channels that are switched on; messages for the others wait."""

    channels: tuple[Literal["pretend", "telegram"], ...] = ("pretend",)
    pretend: PretendSettings = PretendSettings()
    telegram: TelegramSettings = TelegramSettings()


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinSettings:
    """Where the site is written and where it will be served; ``sectors`` are the ones it lists first."""

    folder: Path = Path("data/bulletin")
    base_url: str = field(default="", metadata=_ADDRESS)
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ScheduleSettings:
    """When the service works. ``collect``: the sources that are read at those times; ``workbook``: the bulk workbook,
    once a night; ``pipeline_minutes``: from one pass of the other stages to the next; ``bulletin``: the site."""

    collect: tuple[time, ...] = (time(5, 0), time(11, 0), time(17, 0))
    workbook: time = time(2, 0)
    pipeline_minutes: int = field(default=5, metadata={"least": 1, "most": 1440})
    bulletin: tuple[time, ...] = (time(6, 15), time(11, 45), time(17, 45))


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Everything that an office can set; the attributes are the sections of the file."""

    language: Literal["vi", "en"] = "vi"
    office: OfficeSettings = OfficeSettings()
    store: StoreSettings = StoreSettings()
    sources: SourceSettings = SourceSettings()
    accept: AcceptSettings = AcceptSettings()
    translate: TranslateSettings = TranslateSettings()
    digest: DigestSettings = DigestSettings()
    deliver: DeliverSettings = DeliverSettings()
    bulletin: BulletinSettings = BulletinSettings()
    schedule: ScheduleSettings = ScheduleSettings()
