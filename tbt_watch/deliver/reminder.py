"""Reminders: what is due, and in how many days; pure.

The reason of an item says what it is: ``send-by:14``, ``in-force:0``, ``procedures:30``; of a day that the service
missed ``in-force:-2``.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from tbt_watch.deliver import facts
from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.deliver.markup import bold, escape, link
from tbt_watch.domain.dossier import Dossier
from tbt_watch.domain.edition import EditionItem


def due_line(item: EditionItem, speak: Speaker) -> str:
    """What is due: ``Nhắc hạn: còn 7 ngày để gửi góp ý``."""
    kind, _, days = item.reason.partition(":")
    left = int(days)
    if kind == "send-by":
        return _send_by(left, speak)
    if kind == "in-force":
        if left < 0:
            return speak.say_n("Entered into force {n} day ago", "Entered into force {n} days ago", -left)
        return speak.say("Enters into force today")
    if left < 0:
        return speak.say_n(
            "Your procedures had to follow it {n} day ago (ISO 9001: three months from entry into force)",
            "Your procedures had to follow it {n} days ago (ISO 9001: three months from entry into force)",
            -left,
        )
    if left:
        return speak.say_n(
            "{n} day left to bring your procedures into line (ISO 9001: three months from entry into force)",
            "{n} days left to bring your procedures into line (ISO 9001: three months from entry into force)",
            left,
        )
    return speak.say("Today your procedures must follow it (ISO 9001: three months from entry into force)")


def _send_by(left: int, speak: Speaker) -> str:
    if left == 0:
        return speak.say("Reminder: today is the last day to send comments")
    return speak.say_n(
        "Reminder: {n} day left to send comments", "Reminder: {n} days left to send comments", left
    )


def reminder(
    items: Sequence[EditionItem], dossiers: Mapping[str, Dossier], speak: Speaker, today: date
) -> str:
    """The message: one block a notice, what is due soonest first as the edition has it."""
    blocks = [_block(item, dossiers[item.notice_key], speak, today) for item in items]
    if len(blocks) == 1:
        return blocks[0]
    return "\n\n".join((bold(speak.say_n("{n} reminder", "{n} reminders", len(blocks))), *blocks))


def _block(item: EditionItem, dossier: Dossier, speak: Speaker, today: date) -> str:
    notice = dossier.notice
    page = speak.head.page(notice) or next((one.url for one in notice.documents), "")
    lines = [
        "⏰ " + bold(due_line(item, speak)),
        escape(facts.state_line(notice, speak, today)),
        escape(facts.headline(dossier, speak)),
        escape(facts.send_by_line(notice, speak, today)) if item.reason.startswith("send-by:") else "",
        link(notice.symbols[0] if notice.symbols else speak.say("Details"), page),
    ]
    return "\n".join(line for line in lines if line)
