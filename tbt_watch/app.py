"""Builds the tools from the configuration, once: store, language, vocabulary, engine, channels, hours."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, time
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tbt_watch.briefing import briefed
from tbt_watch.bulletin import Labels, SourceHealth
from tbt_watch.bulletin.addresses import address_of, notice_folder
from tbt_watch.bulletin.editing import EditionDesk
from tbt_watch.bulletin.frame import Frame, Imprint
from tbt_watch.bulletin.words import Words
from tbt_watch.channels import bot_name, make_channel
from tbt_watch.collect.options import CrawlOptions, DeclaredFeed
from tbt_watch.collect.registry import ANY_FEED, names, sources
from tbt_watch.config import Config
from tbt_watch.config import EnquiryPoint as _Point
from tbt_watch.deliver.brief import Brief
from tbt_watch.deliver.channel import Channel
from tbt_watch.deliver.consent import Consent
from tbt_watch.deliver.letterhead import Letterhead
from tbt_watch.deliver.links import Links, signing_secret
from tbt_watch.digest.calendar import Hours
from tbt_watch.domain.moment import VIETNAM, Clock, today
from tbt_watch.domain.notice import Notice
from tbt_watch.domain.office import EnquiryPoint, Office
from tbt_watch.domain.subscriber import WEEKDAYS
from tbt_watch.errors import ConfigError
from tbt_watch.export import Exporter
from tbt_watch.language import Language, load_language
from tbt_watch.register import Known
from tbt_watch.sample import SAMPLE_DAY, sample_now
from tbt_watch.store import Store
from tbt_watch.tag.predict import OWN_MODEL, Opened, open_predictor
from tbt_watch.tag.vocabulary import Vocabulary, load_vocabulary
from tbt_watch.translate.desk import Desk
from tbt_watch.translate.engines.argos import ArgosEngine
from tbt_watch.translate.engines.contract import Engine, NoEngine
from tbt_watch.translate.memory.base import load_memory
from tbt_watch.translate.stage import open_desk
from tbt_watch.translate.terms.base import load_terms

if TYPE_CHECKING:
    from tbt_watch.source.base import Source


@dataclass(kw_only=True)
class App:
    """The house, put together. What is slow to make is made when it is first used."""

    config: Config
    store: Store
    clock: Clock
    sample: bool = False
    _opened: ExitStack = field(default_factory=ExitStack, repr=False)
    _vocabulary: Vocabulary | None = field(default=None, repr=False)

    @cached_property
    def language(self) -> Language:
        """Catalogs and tables."""
        return load_language()

    @property
    def vocabulary(self) -> Vocabulary:
        """Sectors and topics, their codes and words; made anew when the office's rows are others."""
        own = self.store.vocabulary.all()
        if self._vocabulary is None or self._vocabulary.own != own:
            self._vocabulary = load_vocabulary(own)
        return self._vocabulary

    @cached_property
    def predictor(self) -> Opened:
        """What predicts sectors: the office's own model where it made one, else the shipped one."""
        codes = [one.code for one in self.vocabulary.sectors]
        return open_predictor(codes, self.store.path.parent / OWN_MODEL)

    @cached_property
    def engine(self) -> Engine:
        """What translates free text."""
        return make_engine(self.config)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """The channels that are switched on. Raises ConfigError for one that lacks its secret or settings."""
        return {name: self._channel(name) for name in self.config.deliver.channels}

    def _channel(self, name: str) -> Channel:
        given, office = self.config.deliver, self.config.office.name
        return make_channel(name, given, office, lambda: self.consent.slip, self.clock, self._opened)

    @cached_property
    def bot(self) -> str:
        """The user name of our Telegram bot; empty where it is neither configured nor to be had from Telegram."""
        return bot_name(
            self.config.deliver, lambda: self.channels.get("telegram") or self._channel("telegram")
        )

    @cached_property
    def links(self) -> Links:
        """Signed links to the pages of the service. Raises ConfigError where nobody could open them."""
        base = self.config.web.public()
        secret = signing_secret(self.config.web.secret, self.store.path.with_name("link-secret"))
        return Links(base_url=base, secret=secret)

    @cached_property
    def consent(self) -> Consent:
        """What asks mailboxes, and stands under the letters to them."""
        return Consent(store=self.store, language=self.language, links=self.links, office=self.office)

    def close(self) -> None:
        """Close what is open."""
        self._opened.close()
        self.store.close()

    # --- what the stages take ---

    @property
    def lead_days(self) -> Mapping[str, int]:
        """Days before a comment deadline, by area."""
        return self.config.office.lead_days.by_area

    @property
    def hours(self) -> Hours:
        """When editions are due."""
        given = self.config.digest
        return Hours(
            daily=given.daily,
            weekly_day=given.weekly_day,
            weekly=given.weekly,
            quiet=given.quiet,
            instant_minutes=given.instant_minutes,
        )

    @property
    def exporter(self) -> Exporter:
        """What writes notices for others."""
        return Exporter(
            language=self.language,
            today=today(self.clock()),
            lead_days=self.lead_days,
            days_off=self.config.office.days_off,
            impact=self.store.taps.all(),
        )

    @property
    def labels(self) -> Labels:
        """What sectors and topics are called; the office's own sectors first."""
        vocabulary = self.vocabulary
        listed = {one.code: {"vi": one.label_vi, "en": one.label_en} for one in vocabulary.sectors}
        first = {code: listed[code] for code in self.config.bulletin.sectors if code in listed}
        topics = {one.code: {"vi": one.label_vi, "en": one.label_en} for one in vocabulary.topics}
        return Labels(sectors=first | listed, topics=topics)

    @property
    def office(self) -> Office:
        """Who publishes."""
        given = self.config.office
        points_by_area: tuple[tuple[Literal["TBT", "SPS"], _Point], ...] = (
            ("TBT", given.enquiry.tbt),
            ("SPS", given.enquiry.sps),
        )
        points = tuple(
            EnquiryPoint(
                area=area,
                name=one.name,
                address=one.address,
                email=one.email,
                phone=one.phone,
                website=one.website,
            )
            for area, one in points_by_area
        )
        return Office(
            name=given.name,
            province=given.province,
            parent=given.department,
            address=given.address,
            email=given.email,
            phone=given.phone,
            website=given.website,
            enquiry_points=points,
        )

    def frame(self, day: date) -> Frame:
        """What an edition of the bulletin of that day is framed with."""
        given = self.config.bulletin
        return Frame(
            day=day,
            office=self.office,
            imprint=Imprint(subtitle=given.subtitle, licence=given.licence, editor=given.editor),
            labels=self.labels,
            lead_days=self.lead_days,
            days_off=tuple(self.config.office.days_off),
            base_url=given.base_url.rstrip("/"),
        )

    @property
    def editions(self) -> EditionDesk:
        """The verbs on editions of the bulletin."""
        return EditionDesk(
            store=self.store,
            language=self.language,
            frame=self.frame,
            weekday=WEEKDAYS.index(self.config.bulletin.weekly_day),
            lang=self.config.language,
        )

    @property
    def feeds(self) -> tuple[DeclaredFeed, ...]:
        """The feeds that the office declares."""
        return _feeds(self.config)

    @cached_property
    def sources(self) -> "list[type[Source]]":
        """Every source there is, the office's own feeds among them."""
        return sources(self.feeds)

    @cached_property
    def source_titles(self) -> Mapping[str, str]:
        """The sources that are switched on, and what they are called."""
        known = {one.name: one.title for one in self.sources}
        return {name: known.get(name, name) for name in self.config.sources.enabled}

    @property
    def health(self) -> list[SourceHealth]:
        """How the sources that are switched on are doing, for the bulletin."""
        crawls = self.store.runs.crawls()
        found = []
        for name, title in self.source_titles.items():
            state = crawls.get(name)
            found.append(
                SourceHealth(
                    name=name,
                    title=title,
                    last_success=state.last_success if state else None,
                    ok=state is not None and state.last.ok,
                )
            )
        return found

    @property
    def known(self) -> Known:
        """The codes that a register of subscribers may name."""
        return Known(
            sectors=frozenset(one.code for one in self.vocabulary.sectors),
            topics=frozenset(one.code for one in self.vocabulary.topics),
            language=self.language,
            groups=frozenset(self.vocabulary.groups),
        )

    @property
    def answers(self) -> Path | None:
        """Where the answers of the sites are kept as they came; None when none are to be kept."""
        return self.store.path.parent / "answers" if self.config.sources.answers else None

    def crawl_options(self, asked: CrawlOptions) -> CrawlOptions:
        """What was asked of a crawl, with what the configuration says: contact, mirrors, window, memory."""
        given = self.config.sources
        return replace(
            asked,
            contact=self.config.office.contact or self.config.office.email,
            hosts={**given.mirrors, **asked.hosts},
            window_days=given.window_days,
            memory=self.store.path.parent / "crawl-memory",
            answers=self.answers,
            answers_kept=given.answers,
            answers_limit=given.answers_mb << 20,
            keys={"eping_api": given.eping_key},
            feeds=self.feeds,
        )

    @property
    def letterhead(self) -> Letterhead:
        """What is the same in every message."""
        labels, site = self.labels, self.config.bulletin.base_url

        def page(notice: Notice) -> str:
            return address_of(site.rstrip("/"), notice_folder(notice))

        def label(kind: str, code: str, lang: str) -> str:
            return labels.sector(code, lang) if kind == "sector" else labels.topic(code, lang)

        def brief(number: int, lang: str) -> Brief:
            return briefed(self.store, number, self.words(lang), self.config.office.name, site.rstrip("/"))

        return Letterhead(
            language=self.language,
            label=label,
            page=page,
            site=site,
            lead_days=self.lead_days,
            days_off=self.config.office.days_off,
            brief=brief,
        )

    def words(self, lang: str) -> Words:
        """The wording of the bulletin in that language, as of today."""
        return Words(language=self.language, labels=self.labels, lang=lang, today=today(self.clock()))


def _feeds(config: Config) -> tuple[DeclaredFeed, ...]:
    return tuple(
        DeclaredFeed(
            name=one.name, title=one.title, address=one.address, language=one.language, home=one.home
        )
        for one in config.sources.feeds
    )


def check_names(config: Config) -> None:
    """Whether the configuration names only what there is. Raises ConfigError with the nearest known name."""
    enabled, first = config.sources.enabled, config.bulletin.sectors
    feeds, spiders = _feeds(config), names()
    for number, feed in enumerate(feeds):
        if feed.name in spiders or feed.name in {one.name for one in feeds[:number]}:
            raise ConfigError(
                f"The configuration, [[sources.feeds]]: there is a source {feed.name!r} already; give the feed "
                f"{feed.address} another name."
            )
    _each_known("[sources] enabled", enabled, set(names(feeds)) - {ANY_FEED}, "sources list")
    if first:
        known = {one.code for one in make_vocabulary(config).sectors}
        _each_known("[bulletin] sectors", first, known, "vocabulary export")


def _each_known(key: str, given: Sequence[str], known: Collection[str], verb: str) -> None:
    for name in given:
        if name not in known:
            near = get_close_matches(name.lower(), known, n=1)
            meant = f"did you mean {near[0]!r}?" if near else f"tbt-watch {verb} shows what there is."
            raise ConfigError(f"The configuration, {key}: there is no {name!r}; {meant}")


def make_engine(config: Config) -> Engine:
    """The engine that the configuration names."""
    if config.translate.engine == "none":
        return NoEngine()
    return ArgosEngine(
        config.store.models,
        threads=config.translate.threads or None,
        beam=config.translate.beam,
    )


def make_desk(config: Config, language: Language, *, engine: bool = True) -> Desk:
    """The desk for texts of no notice, with the office's own terms and memory where its store is there."""
    machine = make_engine(config) if engine else NoEngine()
    if not config.store.path.exists():
        return Desk(machine, load_terms(), load_memory((), language), language)
    with Store.open(config.store.path) as store:
        return open_desk(store, language, machine)


def make_vocabulary(config: Config) -> Vocabulary:
    """The vocabulary, with the office's own rows where its store is there."""
    if not config.store.path.exists():
        return load_vocabulary()
    with Store.open(config.store.path) as store:
        return load_vocabulary(store.vocabulary.all())


@contextmanager
def open_app(config: Config, clock: Clock, *, sample: Path | None = None) -> Iterator[App]:
    """The house on the store of the configuration, or, with a folder for the sample, on a store of its own there."""
    check_names(config)
    if sample is not None:
        config = sample_config(config, sample)
    app = App(config=config, store=Store.open(config.store.path), clock=clock, sample=sample is not None)
    try:
        yield app
    finally:
        app.close()


def sample_config(config: Config, folder: Path) -> Config:
    """The configuration of the sample run: all of it under one folder, nobody is sent anything, and the daily and
    weekly editions are due at the very moment that the sample stands for."""
    local = sample_now().astimezone(VIETNAM)
    due = time(local.hour, local.minute)
    weekday = WEEKDAYS[SAMPLE_DAY.weekday()]
    return replace(
        config,
        store=replace(config.store, path=folder / "tbt-watch.db"),
        accept=replace(config.accept, policy="auto"),
        digest=replace(config.digest, daily=due, weekly=due, weekly_day=weekday),
        deliver=replace(
            config.deliver,
            channels=("pretend",),
            pretend=replace(config.deliver.pretend, folder=folder / "messages"),
        ),
        bulletin=replace(config.bulletin, folder=folder / "bulletin", base_url="", weekly_day=weekday),
    )
