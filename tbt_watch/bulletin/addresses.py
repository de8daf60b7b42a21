"""Addresses: where each page stands, and which links of others may be followed."""

import re
from urllib.parse import unquote, urlsplit

from tbt_watch.domain.notice import Notice
from tbt_watch.domain.text import fold

INDEX = "index.html"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_SEGMENT = 80


def segment(text: str) -> str:
    """A text as one part of a path: letters, digits, ``.``, ``-`` and ``_`` only, never empty, ``.`` or ``..``."""
    clean = _UNSAFE.sub("-", text).strip("-.")[:_LONGEST_SEGMENT].strip("-.")
    return clean or "_"


def slug(text: str) -> str:
    """A segment in lower case without Vietnamese marks: ``12/2024/TT-BKHCN`` → ``12-2024-tt-bkhcn``."""
    return segment(fold(text))


def symbol_folder(symbol: str) -> str:
    """``thong-bao/G/TBT/N/ARE/703/`` for ``G/TBT/N/ARE/703``: the symbol itself is the address."""
    return "/".join(["thong-bao", *(segment(part) for part in symbol.split("/"))]) + "/"


def notice_folder(notice: Notice) -> str:
    """The folder of a notice's page: by its first symbol; a regulation by number, issuer and day."""
    if notice.kind == "notification":
        return symbol_folder(notice.key)
    room = "van-ban" if notice.kind == "regulation" else "tin"
    return "/".join([room, *(slug(part) for part in notice.key.split("|"))]) + "/"


def sector_folder(code: str) -> str:
    """The folder of a sector's list."""
    return f"linh-vuc/{segment(code)}/"


def market_folder(code: str) -> str:
    """The folder of a market's list."""
    return f"thi-truong/{segment(code)}/"


def topic_folder(code: str) -> str:
    """The folder of a topic's list."""
    return f"chu-de/{segment(code)}/"


def law_folder(code: str) -> str:
    """The folder of the list of a law field."""
    return f"van-ban/linh-vuc/{segment(code)}/"


def root_of(path: str) -> str:
    """The way from a page up to the site's root: ``../../`` for ``linh-vuc/seafood/index.html``."""
    return "../" * path.count("/")


def address_of(base_url: str, path: str) -> str:
    """Where a page is served; empty where nobody knows yet."""
    return f"{base_url}/{path.removesuffix(INDEX)}" if base_url else ""


def outside(url: str) -> str | None:
    """The address when it may be a link (http and https only), else None: then it is printed, not linked."""
    clean = url.strip()
    try:
        parts = urlsplit(clean)
        host = parts.hostname
    except ValueError:
        return None
    return clean if parts.scheme.lower() in {"http", "https"} and host else None


def printed(url: str, longest: int = 60) -> str:
    """An address as it is read on paper: no scheme, no ``www.``, its middle left out when it is long."""
    text = re.sub(r"^https?://(?:www\.)?", "", unquote(url.strip()), flags=re.IGNORECASE).rstrip("/")
    if len(text) <= longest:
        return text
    tail = longest // 2
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"
