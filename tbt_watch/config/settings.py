"""What an office can set: one frozen dataclass a section of the file, with the defaults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from tbt_watch.domain.subscriber import Weekday
from tbt_watch.errors import ConfigError

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""This machine, as it is called from itself."""

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
    """``base_url`` is what stands before the token; ``bot``: its user name, for links to it, asked of Telegram where it
    is empty."""

    bot: str = ""
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
class EmailSettings:
    """The office's mail server. ``security``: TLS after the greeting, TLS from the first byte, or none, which only a
    server on this machine may have; ``sender``: the mailbox that letters come from; ``reply_to``: where answers go."""

    host: str = ""
    port: int = field(default=587, metadata={"least": 1, "most": 65535})
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: str = ""
    reply_to: str = ""
    per_minute: int = field(default=60, metadata={"least": 1, "most": 6000})
    password: str = field(default="", repr=False, metadata={"environment": "TBT_SMTP_PASSWORD"})

    def check(self) -> None:
        """Raises ConfigError when letters cannot be sent with this."""
        for key in ("host", "sender"):
            if not getattr(self, key):
                raise ConfigError(
                    f"The channel email is switched on, but [deliver.email] {key} is empty: fill it in."
                )
        if self.user and not self.password:
            raise ConfigError(
                "The channel email logs in, but there is no password: put it into the environment as TBT_SMTP_PASSWORD,"
                " or into a file that TBT_SMTP_PASSWORD_FILE names."
            )
        if self.security == "none" and self.host not in LOOPBACK:
            raise ConfigError(
                f'[deliver.email] security = "none" would send everything to {self.host} in the open: take "starttls"'
                ' or "tls"; only a mail server on this machine needs none.'
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliverSettings:
    """The channels that are switched on; messages for the others wait. ``uncertain``: what becomes of a part whose
    answer was lost, it waits for a person or is sent once more; after ``strikes`` refusals over ``strike_days`` a
    subscriber is paused; ``in_flight``: the most requests at a time."""

    channels: tuple[Literal["pretend", "telegram", "email", "zalo"], ...] = ("pretend",)
    uncertain: Literal["wait", "resend"] = "resend"
    strikes: int = field(default=3, metadata={"least": 1, "most": 100})
    strike_days: int = field(default=3, metadata={"least": 0, "most": 365})
    in_flight: int = field(default=8, metadata={"least": 1, "most": 64})
    pretend: PretendSettings = PretendSettings()
    telegram: TelegramSettings = TelegramSettings()
    email: EmailSettings = EmailSettings()


@dataclass(frozen=True, kw_only=True, slots=True)
class WebSettings:
    """The pages that the service itself serves. ``listen``: address and port of this machine; ``base_url``: where a
    browser finds them, behind the office's own web server. ``desk``: whether the curators' page is among them; ``tls``:
    "proxy" where a web server in front takes https; ``insecure``: an address that others reach, without it;
    ``trusted_proxies``: whose word on the client's address counts."""

    listen: str = "127.0.0.1:8080"
    base_url: str = field(default="", metadata=_ADDRESS)
    desk: bool = False
    tls: Literal["none", "proxy"] = "none"
    insecure: bool = False
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    secret: str = field(default="", repr=False, metadata={"environment": "TBT_WEB_SECRET"})

    @property
    def place(self) -> tuple[str, int]:
        """Address and port. Raises ConfigError when it is none."""
        host, _, port = self.listen.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ConfigError(
                f'The configuration, [web] listen: found "{self.listen}", expected an address and a port such as'
                ' "127.0.0.1:8080".'
            )
        return host.strip("[]"), int(port)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages by https."""
        return self.tls == "proxy" or self.base_url.startswith("https://")

    def check_desk(self) -> None:
        """Raises ConfigError where passwords of curators would go over a network in the open."""
        host, _ = self.place
        if host not in LOOPBACK and self.tls != "proxy" and not self.insecure:
            raise ConfigError(
                f"The curators' page would be open to everybody on {self.listen}: let the office's web server take"
                ' https and write [web] tls = "proxy", or listen on 127.0.0.1; insecure = true does without, at your'
                " own risk."
            )

    def public(self) -> str:
        """The address before every link, without a slash at its end. Raises ConfigError when links would lead nowhere,
        or in the open."""
        given = self.base_url.rstrip("/")
        found = urlsplit(given)
        if not given or found.query or found.fragment:
            raise ConfigError(
                "The channel email is switched on, and its letters need links to confirm and to unsubscribe: write"
                ' where people find them into [web] base_url, such as "https://tbt.example.gov.vn/dang-ky".'
            )
        if found.scheme != "https" and found.hostname not in LOOPBACK:
            raise ConfigError(
                f"[web] base_url is {given}, and such links can be read on their way: let the office's web server take"
                " https, and write that address."
            )
        return given


@dataclass(frozen=True, kw_only=True, slots=True)
class BulletinSettings:
    """Where the site is written and where it will be served; ``sectors`` are the ones it lists first. ``weekly_day``:
    the last day of the week of an edition; ``subtitle``, ``licence`` and ``editor`` (who answers for the content) stand
    in every edition."""

    folder: Path = Path("data/bulletin")
    base_url: str = field(default="", metadata=_ADDRESS)
    sectors: tuple[str, ...] = ()
    weekly_day: Weekday = "fri"
    subtitle: str = ""
    licence: str = ""
    editor: str = ""


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
    web: WebSettings = WebSettings()
