"""The opening sentences that a notice's facts allow, in the words and the order of the national office's alerts."""

from collections.abc import Iterator

from tbt_watch.domain.notice import Milestone, Notice
from tbt_watch.language import Language
from tbt_watch.translate.exact.forms import FOLLOW_UPS, OPENING_ALONE, form_of
from tbt_watch.translate.exact.headline import says_draft
from tbt_watch.translate.exact.instrument import instrument_name
from tbt_watch.translate.exact.regulations import regulation_sentences
from tbt_watch.translate.exact.subject import Headings, quotable, shortened, subject_of
from tbt_watch.translate.exact.timing import Timing, timing_of

_TITLE_AT_MOST = 400  # characters of a title that a sentence quotes; the whole of it stands beside
_AFFECTED_AT_MOST = 12  # countries that a sentence still names

_REASONS = {
    "adopted": "The measure has been adopted.",
    "adoption": "The measure has been adopted, published or has entered into force.",
    "in-force": "The measure enters into force.",
    "final-text": "The final text of the measure is available.",
    "content-change": "The content or scope of the measure has been changed.",
    "guidance": "Guidance on the interpretation of the measure has been issued.",
    "withdrawal": "The measure has been withdrawn or revoked.",
}
"""What a reason of an addendum's form, or a keyword of ePing, says where no day stands beside it."""
_ON_A_DAY = {
    "published": (
        "The measure was published on {day}.",
        "The measure will be published on {day}.",
        "The measure has been published.",
    ),
    "withdrawn": (
        "The measure was withdrawn or revoked on {day}.",
        "The measure will be withdrawn or revoked on {day}.",
        "The measure has been withdrawn or revoked.",
    ),
}


def opening_sentences(
    notice: Notice, language: Language, lang: str, headings: Headings | None = None, *, title: str = ""
) -> tuple[str, ...]:
    """The sentences that the notice's facts allow, in the order of the national office's alerts.

    What a source did not state is left out; "not determined" is said only where the source said so. A final date that
    lies before the notification is no deadline, and is not said. ``headings``, ``title``: as for ``headline``.
    """
    if notice.kind == "article":
        return ()
    if notice.kind == "regulation":
        return tuple(regulation_sentences(notice, language, lang))
    return tuple(_notification_sentences(notice, language, lang, headings, title))


def _notification_sentences(
    notice: Notice, language: Language, lang: str, headings: Headings | None, title: str
) -> Iterator[str]:
    if notice.published_on:
        yield _opening(notice, language, lang, headings, title)
    yield from _reasons(notice, language, lang)
    yield from _objective(notice, language, lang)
    yield from _emergency(notice, language, lang)
    if "trade-facilitating" in notice.keywords:
        yield language.say("This is a trade facilitating measure.", lang)
    yield from _stages(notice, language, lang)
    yield from _affected(notice, language, lang)
    yield from _deadline(notice, language, lang)
    yield from _articles(notice, language, lang)
    yield language.say("Notification symbol: {symbols}.", lang, symbols=", ".join(notice.symbols))


def _opening(notice: Notice, language: Language, lang: str, headings: Headings | None, title: str) -> str:
    form, follow_up = form_of(notice), FOLLOW_UPS.get(notice.type)
    kind = "emergency notification" if notice.emergency else "notification"
    known = {
        "day": notice.published_on,
        "member": language.members_prose(notice.members, lang),
        "symbol": (notice.follows or notice.key) if follow_up else notice.key,
        "notification": language.say(kind, lang),
        "what": instrument_name(notice, language, lang, new=notice.type == "regular"),
    }
    subject = subject_of(notice, language, lang, headings)
    if subject:
        message = follow_up.subject if follow_up else form.opening_subject
        return language.say(message, lang, subject=subject, **known)
    if text := title or notice.title:
        readable = bool(title) or notice.language == lang
        alone = notice.type == "regular" and readable and says_draft(text)
        message = follow_up.title if follow_up else OPENING_ALONE if alone else form.opening_title
        return language.say(message, lang, title=quotable(shortened(quotable(text), _TITLE_AT_MOST)), **known)
    if follow_up:
        return language.say(follow_up.bare, lang, **known)
    return language.say("On {day}, {member} sent WTO Members notification {symbol}.", lang, **known)


def _reasons(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    """Why a later document was sent, as its form or its keywords say; what another sentence dates is left to it."""
    if notice.type not in FOLLOW_UPS:
        return
    stated = {reason.code: reason.on for reason in notice.reasons} or dict.fromkeys(notice.keywords)
    dated = {"adopted": notice.adoption, "in-force": notice.in_force}
    for code, day in stated.items():
        if dated.get(code) or (code == "comment-period" and notice.comment_until):
            continue
        if code == "comment-period":
            yield language.say("The comment period has been changed.", lang)
        elif code in _ON_A_DAY:
            past, coming, sometime = _ON_A_DAY[code]
            gone = day is not None and notice.published_on is not None and day <= notice.published_on
            yield (
                language.say(past if gone else coming, lang, day=day) if day else language.say(sometime, lang)
            )
        elif code in _REASONS:
            yield language.say(_REASONS[code], lang)
    again = [one.key for one in notice.related if one.rel == "notified-anew-as"]
    if again:
        yield language.say("It has been notified anew as {symbols}.", lang, symbols=", ".join(again))


def _objective(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    clauses = [clause for code in notice.objectives if (clause := language.objective_clause(code, lang))]
    if not clauses:
        return
    draft, several = form_of(notice).draft, len(clauses) > 1
    message = (
        (
            "The objectives of the draft are to {objectives}."
            if draft
            else "The objectives of the measure are to {objectives}."
        )
        if several
        else (
            "The objective of the draft is to {objectives}."
            if draft
            else "The objective of the measure is to {objectives}."
        )
    )
    pair = language.join(["", ""], lang).strip()  # the word that joins two
    simple = not any("," in clause or f" {pair} " in clause for clause in clauses)
    yield language.say(
        message, lang, objectives=language.join(clauses, lang) if simple else "; ".join(clauses)
    )


def _emergency(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    if notice.type != "emergency":
        return
    if _past(Timing(day=notice.in_force.date), notice):
        yield language.say(
            "This is an emergency measure: it has been in force since {day}, without a comment period beforehand.",
            lang,
            day=notice.in_force.date,
        )
        return
    yield language.say(
        "This is an emergency measure: it may apply at once, without a comment period beforehand.", lang
    )


def _stages(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    adoption = _timing(notice, notice.adoption, language, lang)
    in_force = _timing(notice, notice.in_force, language, lang)
    if adoption.undetermined and in_force.undetermined:
        yield language.say("The dates of adoption and entry into force have not been determined.", lang)
        return
    if adoption.undetermined:
        yield language.say("The date of adoption has not been determined.", lang)
    elif _past(adoption, notice):
        yield language.say("It was adopted on {day}.", lang, day=adoption.day)
    elif when := _when(adoption, language, lang):
        yield language.say("Proposed date of adoption: {when}.", lang, when=when)
    if in_force.undetermined:
        yield language.say("The date of entry into force has not been determined.", lang)
    elif _past(in_force, notice):
        if notice.type != "emergency":  # which said so already
            yield language.say("It entered into force on {day}.", lang, day=in_force.day)
    elif when := _when(in_force, language, lang):
        yield language.say("Proposed date of entry into force: {when}.", lang, when=when)


def _timing(notice: Notice, milestone: Milestone, language: Language, lang: str) -> Timing:
    """The milestone's day, else what its words mean, else the words themselves, quoted."""
    quoted = Timing(wording=f"“{(milestone.text or '').rstrip(' .')}”")
    return timing_of(notice, milestone, language, lang) or quoted


def _past(timing: Timing, notice: Notice) -> bool:
    return timing.day is not None and notice.published_on is not None and timing.day <= notice.published_on


def _when(timing: Timing, language: Language, lang: str) -> str:
    return language.date(timing.day, lang) if timing.day else timing.wording


def _affected(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    """Viet Nam first, where it is named: that is what our reader looks for."""
    codes = sorted(notice.affected, key=lambda code: code != "VNM")
    if 0 < len(codes) <= _AFFECTED_AT_MOST:
        names = language.join([language.member_short(code, lang) for code in codes], lang)
        yield language.say(
            "Countries likely to be affected, in whole or in part: {members}.", lang, members=names
        )


def _deadline(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    last = notice.comment_until
    if last is None or (notice.published_on and last < notice.published_on):
        return
    if notice.comment_days:
        span = language.say_n("{n} day", "{n} days", notice.comment_days, lang)
        yield language.say(
            "The final date for comments by WTO Members is {day}, reckoned from the period of {span} that the "
            "notification states.",
            lang,
            day=last,
            span=span,
        )
    elif notice.type == "addendum" and "comment-period" in {
        *(reason.code for reason in notice.reasons),
        *notice.keywords,
    }:
        yield language.say(
            "The final date for comments by WTO Members has been changed to {day}.", lang, day=last
        )
    else:
        yield language.say("The final date for comments by WTO Members is {day}.", lang, day=last)


def _articles(notice: Notice, language: Language, lang: str) -> Iterator[str]:
    """The articles of the Agreement under which a draft is notified: 2.9.2 regulations, 5.6.2 conformity assessment."""
    if notice.articles and notice.area == "TBT":
        message = (
            "Notified under Article {articles} of the TBT Agreement."
            if len(notice.articles) == 1
            else "Notified under Articles {articles} of the TBT Agreement."
        )
        yield language.say(message, lang, articles=language.join(notice.articles, lang))
