"""A part as an e-mail: one message with a plain text and an HTML body from the same markup; pure.

Headers by RFC 5322 and 2047 (subject), 2369 and 8058 (leaving with one click), 2919 (List-Id), 3834
(Auto-Submitted). Nothing is fetched when it is read: no picture, no script, no address that counts who opened it.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.policy import EmailPolicy

from tbt_watch.deliver.markup import clip, escape, link, plain
from tbt_watch.domain.edition import Button, Part
from tbt_watch.domain.moment import VIETNAM
from tbt_watch.domain.text import collapse, nfc
from tbt_watch.errors import ConfigError

SUBJECT = 78
"""Characters: RFC 5322, section 2.1.1."""

_BARE = 20
"""Letters of a first line that says nothing by itself."""

_MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.+_=-]{1,200}@[A-Za-z0-9.-]{1,200}>")
_LEAVE = re.compile(r"https?://[!-;=?-~]{1,800}")
_WHOLE = ("message-id", "in-reply-to", "references", "list-id", "list-unsubscribe", "list-unsubscribe-post")


class _Policy(EmailPolicy):
    """As the standard library's, but for what its folding spoils: a header whose one long word finds no room in a line
    is put into encoded words, where an address cannot be read; and blanks between encoded words get lost."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() in _WHOLE:
            return f"{name}: {value}{self.linesep}"
        if name.lower() == "subject":
            return f"{name}: {_encoded(value, name, self.linesep)}{self.linesep}"
        if isinstance(value, AddressHeader):
            return f"{name}: {_addresses(value, name, self.linesep)}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


def _addresses(value: AddressHeader, name: str, linesep: str) -> str:
    """Each address with the name before it, where it has one."""
    return f",{linesep} ".join(
        f"{_encoded(one.display_name, name, linesep)}{linesep} <{one.addr_spec}>"
        if one.display_name
        else one.addr_spec
        for one in value.addresses
    )


def _encoded(text: str, name: str, linesep: str) -> str:
    """A text in encoded words, cut between letters; what is plain ASCII without signs of its own stays."""
    if re.fullmatch(r"[A-Za-z0-9 ,.:;/-]{0,60}", text) and name == "Subject":
        return text
    return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep=linesep)


# Seven bits: every server on the way takes it, and no line is too long.
_POLICY = _Policy(linesep="\r\n", max_line_length=78, cte_type="7bit", raise_on_defect=True)

_PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>@media (prefers-color-scheme: dark) {{
.paper {{ background: #14181d !important; color: #e8eaed !important; }}
.paper a {{ color: #9cc3ff !important; }} .small {{ color: #b3b9c1 !important; border-color: #3a424c !important; }}
}}</style></head>
<body class="paper" style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
<div class="paper" style="max-width:640px;margin:0 auto;padding:16px;background:#ffffff;color:#1b1f24;\
font-family:'Segoe UI',Roboto,Arial,sans-serif;font-size:16px;line-height:1.55">
{text}
<div class="small" style="margin-top:24px;padding-top:12px;border-top:1px solid #d5d9de;color:#58616b;font-size:14px">
{foot}
</div></div></body></html>
"""


def is_mailbox(text: str) -> bool:
    """Whether it is a mail address that every server takes: ASCII, without quotes and comments."""
    local = text.partition("@")[0]
    fits = bool(_MAILBOX.fullmatch(text)) and len(text) <= 254
    return fits and ".." not in local and not local.startswith(".") and not local.endswith(".")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """Who writes. ``reply_to``: where answers go, empty for the sender's own mailbox. Raises ConfigError for a mailbox
    that is none."""

    name: str
    mailbox: str
    reply_to: str = ""

    def __post_init__(self) -> None:
        for key, mailbox in (("sender", self.mailbox), ("reply_to", self.reply_to)):
            if (mailbox or key == "sender") and not is_mailbox(mailbox):
                raise ConfigError(
                    f"The configuration, [deliver.email] {key}: {mailbox!r} is no mail address; write one such as"
                    " tbt@example.gov.vn."
                )

    @property
    def domain(self) -> str:
        """Of the mailbox."""
        return self.mailbox.rpartition("@")[2]


@dataclass(frozen=True, kw_only=True, slots=True)
class Slip:
    """What stands under the letters to one reader: ``foot`` in markup; ``leave`` is the address that ends them with
    one click, empty where there is nothing to leave yet; ``list_id`` what mail programs keep them apart by.
    ``bulletin``: what stands under those that bring the bulletin, where that is another."""

    lang: str
    foot: str
    leave: str = ""
    list_id: str = "tbt-watch"
    bulletin: "Slip | None" = None


def compose(
    to: str, part: Part, *, sender: Sender, slip: Slip, label: str, at: datetime, reply_to: str | None = None
) -> EmailMessage:
    """The letter with all its headers. Raises ValueError when ``to`` is no mail address, or ``leave`` none at all."""
    if not is_mailbox(to) or (slip.leave and not _LEAVE.fullmatch(slip.leave)):
        raise ValueError(f"{to!r} is no mail address, or {slip.leave!r} none of a page")
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = Address(_one_line(sender.name), addr_spec=sender.mailbox)
    letter["To"] = Address(addr_spec=to)
    if sender.reply_to:
        letter["Reply-To"] = Address(addr_spec=sender.reply_to)
    letter["Subject"] = subject(part.text)
    letter["Date"] = at.astimezone(VIETNAM)
    letter["Message-ID"] = message_id(label, to, sender)
    if reply_to and _MESSAGE_ID.fullmatch(reply_to):
        letter["In-Reply-To"] = reply_to
        letter["References"] = reply_to
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # what Exchange reads instead
    if slip.leave:
        letter["List-Id"] = f"<{slip.list_id}.{sender.domain}>"
        letter["List-Unsubscribe"] = f"<{slip.leave}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text = "\n\n".join([part.text, *_links(part)])
    letter.set_content(f"{plain(text)}\n\n-- \n{plain(slip.foot)}\n")
    page = _PAGE.format(
        lang=slip.lang, title=escape(subject(part.text)), text=_html(text), foot=_html(slip.foot)
    )
    letter.add_alternative(page, subtype="html")
    letter.set_boundary(
        f"=_{hashlib.sha256(label.encode()).hexdigest()[:32]}"
    )  # the same letter, the same bytes
    return letter


def message_id(label: str, to: str, sender: Sender) -> str:
    """Our own, and the same whenever this part is sent to this mailbox: who gets it twice can see that."""
    name = re.sub(r"[^A-Za-z0-9-]", "-", label)[:80]
    whose = hashlib.sha256(f"{label}\n{to}".encode()).hexdigest()[:16]
    return f"<{name}.{whose}@{sender.domain}>"


def subject(markup: str) -> str:
    """The first line of the message, as far as a subject goes; a short word of ours right above it ("sent again") goes
    in front of it."""
    first, *rest = [_one_line(line) for line in plain(markup).strip().splitlines()] or [""]
    if rest and rest[0] and len(first) <= _BARE:
        first = f"{first} · {rest[0]}"
    return clip(first or "TBT Watch", SUBJECT)


def _one_line(text: str) -> str:
    return collapse(nfc("".join(sign if sign.isprintable() else " " for sign in text)))


def _links(part: Part) -> list[str]:
    """The buttons that lead somewhere, as links; a mail cannot send back what is tapped."""
    rows = ([link(one.label, one.action) for one in row if _leads(one)] for row in part.buttons)
    return ["\n".join(row) for row in rows if row]


def _leads(button: Button) -> bool:
    return button.action.startswith("https://")


def _html(markup: str) -> str:
    """Paragraphs and lines, each entry of a list a paragraph of its own; our markup is HTML already."""
    blocks = (block.strip("\n") for block in re.split(r"\n{2,}|\n(?=• )", markup.strip()))
    shown = ("<br>\n".join(block.splitlines()) for block in blocks if block)
    body = "\n".join(f'<p style="margin:0 0 14px">{block}</p>' for block in shown)
    return body.replace('<a href="', '<a style="color:#0b4f9c" href="')
