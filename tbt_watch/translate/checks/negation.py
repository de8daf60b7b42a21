"""Whether what is denied, forbidden or excepted in an original is so in the Vietnamese, and nothing else is.

Both sides are counted. Each ``not``, ``without``, ``except`` or ``prohibited`` asks for a word that denies:
``không`` and ``chưa`` answer any of them, other words only those of their kind (``trừ`` an exception, ``cấm`` a ban,
``tối đa`` and ``chậm nhất`` a limit). In turn, a ``không`` that answers nothing is a denial out of nowhere; it may
also answer what does not ask for it, as ``negligible`` or ``at or below``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tbt_watch.translate.checks.denials import ASKS, LIMITS, TOKENS

# Which words answer which asks, the surest first; "deny" answers all.
_ANSWERS = {
    "choice": ("choice", "deny"),
    "limit": ("cap", "limit", "deny"),
    "exception": ("except", "deny", "exempt", "ban"),
    "other": ("except", "deny", "else"),
    "ban": ("ban", "deny"),
    "exemption": ("exempt", "except", "deny"),
    "prompt": ("prompt", "deny"),
    "charge": ("exempt", "deny"),
    "heedless": ("choice", "deny", "else"),
    "past": ("past", "deny"),
    "same": ("same", "deny"),
    "radio": ("radio", "fixed", "deny"),
    "fail": ("fault", "deny", "lack", "part"),
    "free": ("clean", "fixed", "deny", "exempt", "part", "lack", "choice"),
    "prefix": ("part", "fixed", "except", "anti", "deny", "else"),
    "word": ("part", "fixed", "deny", "lack", "fault"),
    "plain": ("deny", "cap", "exempt", "ban"),
}
# The same to see what "deny" is left over: only a sure answer saves one.
_ALLOWED = {
    **dict.fromkeys(_ANSWERS, ("deny",)),
    "choice": ("choice", "deny"),
    "limit": ("cap", "limit", "deny"),
    "prompt": ("prompt", "deny"),
    "charge": ("exempt", "deny"),
    "heedless": ("choice", "deny"),
    "fail": ("fault", "deny"),
    "prefix": ("part", "deny"),
    "exception": ("except", "deny"),
    "other": ("except", "deny"),
    "ban": ("ban", "deny"),
    "exemption": ("exempt", "except", "deny"),
    "plain": ("deny", "cap"),
}
_DENIALS = frozenset(kind for kinds in _ANSWERS.values() for kind in kinds)
_SHORT = 4
_NEXT = re.compile(r"\s[^\W\d_]{3,}")
_ORDER = (
    "limit",
    "exception",
    "other",
    "ban",
    "exemption",
    "choice",
    "heedless",
    "prompt",
    "charge",
    "past",
    "same",
    "radio",
    "prefix",
    "word",
    "fail",
    "free",
    "plain",
)
# "khác" is no exception where the original has another "other".
_OTHERS = {
    "en": re.compile(r"\b(?:others?|another|differ\w*|else|otherwise|various|distinct)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:autres?|différ\w*|divers\w*)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:otr[oa]s?|difer\w*|divers\w*)\b", re.IGNORECASE),
}
# What "within" is, and no limit that answers a denial.
_WITHIN = re.compile(r"\btrong\s+(?:vòng|thời\s+hạn|phạm\s+vi)\b", re.IGNORECASE)
_RULE = re.compile(r"\bkhông\s+(?:được|phải|bao\s+gồm|áp\s+dụng|thuộc|phép)\b", re.IGNORECASE)


def _kinds(patterns: dict[str, str]) -> re.Pattern[str]:
    either = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items())
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)


_ASKING = {lang: _kinds(kinds) for lang, kinds in ASKS.items()}
_TOKEN = _kinds(TOKENS)
_LIMIT = {lang: _kinds({"limit": pattern}) for lang, pattern in LIMITS.items()}


def negation_faults(source: str, target: str, language: str) -> Iterator[str]:
    """What is denied on one side only, a phrase each."""
    cues = [match for match in _ASKING[language].finditer(source) if not _kept(match, target)]
    asked = Counter(match.lastgroup or "" for match in cues)
    denied = list(_TOKEN.finditer(target))
    found = Counter(match.lastgroup or "" for match in denied)
    rest = _ASKING[language].sub(" ", source)
    denials = found["deny"]
    limits = len(_LIMIT[language].findall(rest))
    found["limit"] = max(0, found["limit"] - limits + min(len(_WITHIN.findall(target)), limits))
    caps = found["cap"]
    found["cap"] = min(caps, max(asked["limit"] + asked["plain"], caps - limits))
    found["else"] = max(0, found["else"] - len(_OTHERS[language].findall(rest)))
    if _unanswered(asked, found.copy(), _ANSWERS):
        words = dict.fromkeys(match.group() for match in cues if match.lastgroup in _ANSWERS)
        quoted = ", ".join(f"\u201c{' '.join(word.split())}\u201d" for word in words)
        some = "one of " if asked.total() > 1 else ""
        yield f"{some}{quoted} has no không, chưa or other denial in the Vietnamese"
    found["cap"] = min(caps, max(asked["limit"], caps - limits))
    _unanswered(asked, found, _ALLOWED)
    strange = found["deny"] + found["cap"] - asked["firm"] - asked["idle"]
    # "không được" and "không phải" deny a rule: "inadequate" or "stainless" is no reason for that.
    rules = len(_RULE.findall(target))
    if strange > min(asked["reason"], max(0, denials - rules)):
        words = dict.fromkeys(match.group() for match in denied if match.lastgroup in ("deny", "cap"))
        quoted = ", ".join(f"\u201c{' '.join(word.split())}\u201d" for word in words)
        yield f"the Vietnamese has a denial that the original does not have, one of {quoted}"


def denies(text: str, language: str) -> bool:
    """Whether an original asks for a denial, or a Vietnamese text ("vi") has one."""
    kinds = {match.lastgroup for match in (_TOKEN if language == "vi" else _ASKING[language]).finditer(text)}
    return not kinds.isdisjoint(_DENIALS if language == "vi" else _ANSWERS)


def _kept(match: re.Match[str], target: str) -> bool:
    """Whether a word stands in the Vietnamese as it was: a name, as that of the grape Crimson Seedless, or the wording
    of a label, as "Do Not Flush"."""
    word = match.group()
    if match.lastgroup in ("word", "free", "prefix") and len(word) > _SHORT and word in target:
        return True
    next_word = _NEXT.match(match.string, match.end())
    return next_word is not None and word + next_word.group() in target


def _unanswered(asked: Counter[str], found: Counter[str], answers: Mapping[str, tuple[str, ...]]) -> int:
    """How many asks find no answer; takes the answers out of ``found``."""
    left = 0
    for kind in _ORDER:
        wanted = asked[kind]
        for words in answers[kind]:
            taken = min(wanted, found[words])
            found[words] -= taken
            wanted -= taken
        left += wanted
    return left
