"""Whether what is denied, forbidden or excepted in an original is so in the Vietnamese, and nothing else is.

Both sides are counted. Each ``not``, ``without``, ``except`` or ``prohibited`` asks for a word that denies: ``không`` and
``chưa`` answer any of them, other words only those of their kind (``trừ`` an exception, ``cấm`` a ban, ``tối đa`` and
``chậm nhất`` a limit). In turn, a ``không`` that answers nothing is a denial out of nowhere; it may also answer what
does not ask for it, as ``erroneous`` or ``at or below``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

# What asks for a denial, by language and kind; the first pattern that fits a place names its kind.
_ASKS = {
    "en": {
        "idle": r"not\s+(?:only|merely|just|solely|simply)|no\s+doubt|not\s+least|without\s+(?:undue\s+)?(?:delay|prejudice)",
        "choice": r"whether\s+or\s+not|or\s+not(?!\s+more)",
        "limit": r"(?:cannot|not|no|never|nor|without|n['\u2019]t)\s+(?:\w+\s+){0,2}?(?:exceed\w*|more|less|fewer|greater|higher|lower|larger|"
        r"smaller|longer|shorter|later|earlier|older|younger|above|below|over|under|beyond|worse|thicker|wider|heavier|lighter)",
        "exception": r"except(?:ing|ed|ions?)?|exclud(?:e[sd]?|ing)|exclusive\s+of|unless|other\s+than|derogat\w+",
        "ban": r"prohibit(?:s|ed|ing|ions?)?|ban(?:s|ned|ning)?|forbid(?:s|den)?",
        "exemption": r"exempt(?:s|ed|ing|ions?)?",
        "free": r"free\s+(?:of|from)|without|freedom\s+from|absence|absent|\w+-free|free(?=\s+(?:areas?|zones?|status|country|countries|places?)\b)",
        "prefix": r"non[-\u2010\u2011]?(?=[\s-]?[a-z])",
        "word": r"un(?!i|der|til|to|rest|less|born|loading|loaded|load|veil|tie|lock|earth|dergo)\w{4,}|"
        r"incorrect|invalid|insoluble|incomplete|insufficient|inappropriate|inedible|irregular\w*|impossible|illegal|fail(?:s|ing|ed)?\s+to|lacking|"
        r"(?:stain|wire|colou?r|odou?r|taste|leaf|seed|tube|cord|bone)less",
        "plain": r"not|cannot|no(?!\.|\s*[\d(]|s\b)|nor|none|neither|never|nobody|nothing|(?:do|does|did|is|are|ca|wo)n['\u2019]t",
        "reason": r"un(?!i[^nmd]|ion|it|iv|iq|der|til|to)\w{3,}|in(?:a[bcdp]|com[pb]|cons|corr|cap|eff|elig|ev|ex[aop]|fe|org|sa|sec|sen|"
        r"sol|stab|suff|sur|tol|val|vis|ad|ac|direct|defin|frequ|app|equit|delib)\w*|im(?:pass|poss|prop|perm|perf|pract|mob|mut|bal)\w*|"
        r"ir(?:reg|resp|rev|rel|rec)\w*|il(?:leg|lic)\w*|dis(?:a|c[ou]nt|qual|reg|sim|sol|sat)\w*|mis(?:l|u|m|t)\w+|\w{3,}less(?:ness|ly)?|"
        r"lack\w*|fail\w*|prevent\w*|avoid\w*|otherwise|zero|refus\w*|reject\w*|den(?:y|ie[sd]|ial)|void|unlike|erron\w*|wrong\w*|"
        r"ambig\w*|asym\w*|async\w*|irrespective|false|sterile|over-the-counter|tight|(?:leak|water|dust)-?proof\w*|negligib\w*|"
        r"or\s+less|at\s+or\s+below|up\s+to|at\s+most|maximum|or\s+under|obsolete|missing|violat\w*|withhold\w*|rather|instead|crude|raw|"
        r"intact|pending|constant|opaque|outside|whether|null|lost|loss|(?<=n)ot\s+until|loose|bulk|immiscible|empty|impermeab\w*|recessed|hidden|integral",
    },
    "fr": {
        "idle": r"(?:non|pas)\s+seulement",
        "choice": r"ou\s+non|ou\s+pas",
        "limit": r"(?:pas|sans)\s+(?:\w+\s+){0,2}?(?:dépass\w+|excéd\w+|plus|moins|supérieur\w*|inférieur\w*)",
        "exception": r"sauf|except[éi]\w*|hormis|exclu\w*|à moins que|autres?\s+que|dérog\w+|hors",
        "ban": r"interdi\w*|prohib\w*",
        "exemption": r"exempté?\w*|exonér\w*|dispens[ée]\w*",
        "free": r"sans|absence",
        "prefix": r"non(?=[\s-][a-z])",
        "word": r"impossible|illégal\w*|insuffisant\w*|inutilis\w*",
        "plain": r"pas|aucune?s?|jamais|ni",
        "reason": r"(?:in|im|il|ir|mal|més|dés?|dis)[a-zàâéèêîôû]{4,}|faute|manque\w*|refus\w*|zéro|étanche\w*|inférieur\w*|au\s+plus|"
        r"jusqu\w*|maximum|maximal\w*|gratuit\w*|libre\w*|plutôt|stérile\w*|ne|n",
    },
    "es": {
        "idle": r"no\s+s[oó]lo|no\s+solamente|no\s+obstante",
        "choice": r"o\s+no",
        "limit": r"no\s+(?:\w+\s+){0,3}?(?:exced\w+|super\w+|rebas\w+|más|menos|mayor\w*|menor\w*|inferior\w*|posterior\w*)",
        "exception": r"salvo|excepto|exclu\w+|a\s+menos\s+que|excepci\w+|distint[oa]s?\s+de",
        "ban": r"prohib\w+",
        "exemption": r"exent\w+|exim\w+|exonera\w+|exenci\w+",
        "free": r"sin|libres?\s+de|ausencia",
        "prefix": r"no(?=\s+(?:biodegradable|metálic\w+|alcohólic\w+))",
        "word": r"imposible|ilegal\w*|insuficiente\w*",
        "plain": r"no(?!\.|\s*\d)|ning[uú]n[oa]?s?|nunca|jamás|ni|nada",
        "reason": r"(?:in|im|il|ir|des|dis)[a-záéíóúñ]{4,}|falta\w*|carec\w*|rechaz\w*|neg[au]\w*|cero|hasta|máxim\w*|inferior\w*|libre\w*|"
        r"gratuit\w*|estéril\w*|ajen\w*",
    },
}
# What Vietnamese denies with, by kind of word; "other" is what only looks like it.
_TOKENS = {
    "other": r"không\s+(?:khí|gian|quân|trung|phận|chiến|lực|tặc)|(?:hàng|chân|trên|đường|khoảng|trời)\s+không(?!\s+(?:được|phải|có|thể|đáp|phù|đạt|quá|halal|bị|còn|thuộc|vượt|cần|nhỏ|cho|chứa|qua))|không\s+(?:chỉ|những)|"
    r"(?:thuốc|diệt|khấu|phòng|bài)\s+trừ|trừ\s+(?:sâu|cỏ|dịch|nấm|bệnh|chuột|côn)|(?:bên|nước|phía|mặt)\s+ngoài|ngoài\s+(?:ra|trời|da|đường)|"
    r"(?:châu|nam|đông|bắc|tây|trung|cà|phân)\s+phi|phi\s+lê|phi(?=-)|vô\s+(?:tuyến|cùng)|miễn\s+(?:dịch|là)|bất\s+(?:kỳ|kể|cứ|động|thường)|"
    r"không\s+khác|đến\s+từ|mất\s+khối",
    "choice": r"(?:hoặc|hay)\s+(?:không|chưa)|bất\s+kể|cho\s+dù|dù|có\s+đúng",
    "deny": r"không|chưa|chẳng|đừng|chớ",
    "except": r"ngoại\s+trừ|loại\s+trừ|miễn\s+trừ|trừ|ngoại\s+lệ|ngoài|nằm\s+ngoài",
    "else": r"khác|loại\s+(?:ra|bỏ)|biệt",
    "ban": r"cấm",
    "exempt": r"miễn",
    "limit": r"tối\s+đa|tối\s+thiểu|nhiều\s+nhất|ít\s+nhất|chậm\s+nhất|muộn\s+nhất|sớm\s+nhất|trở\s+xuống|trở\s+lên|dưới|"
    r"đến\s+hết",
    "part": r"vô|phi|bất|vi\s+phạm|trái|sai",
    "lack": r"thiếu|mất|hết|tránh|từ\s+chối|âm\s+tính|kém|khó|chống|ngừng|dừng",
    "clean": r"sạch|an\s+toàn|miễn\s+phí",
}
# Which words answer which asks, the surest first; "deny" answers all.
_ANSWERS = {
    "choice": ("choice", "deny"),
    "limit": ("limit", "deny"),
    "exception": ("except", "deny", "exempt", "else", "ban"),
    "ban": ("ban", "deny"),
    "exemption": ("exempt", "except", "deny"),
    "free": ("clean", "deny", "exempt", "part", "lack", "choice"),
    "prefix": ("part", "deny", "except", "else", "lack", "choice"),
    "word": ("part", "deny", "lack", "clean", "choice"),
    "plain": ("deny", "exempt", "choice", "ban"),
}
# The same to see what "deny" is left over: only a sure answer saves one.
_ALLOWED = {
    **{kind: ("deny",) for kind in _ANSWERS},
    "choice": ("choice", "deny"),
    "exception": ("except", "deny"),
    "ban": ("ban", "deny"),
    "exemption": ("exempt", "except", "deny"),
}
_ORDER = ("limit", "exception", "ban", "exemption", "choice", "prefix", "word", "free", "plain")
# "at least" is "ít nhất" without a denial on either side.
_LIMITS = {
    "en": r"at\s+(?:least|most)|minim\w*|maxim\w*|(?:or|and)\s+(?:less|more|under|over|above|below|greater|higher|lower)|up\s+to|below|under|"
    r"less\s+than|by(?=\s+\d)|latest|earliest",
    "fr": r"au\s+(?:moins|plus)|minim\w*|maxim\w*|ou\s+(?:plus|moins)|jusqu\w*|moins|inférieur\w*",
    "es": r"(?:al|por\s+lo)\s+menos|m[ií]nim\w*|máxim\w*|o\s+(?:más|menos)|hasta|menos|inferior\w*",
}


def _kinds(patterns: dict[str, str]) -> re.Pattern[str]:
    either = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in patterns.items())
    return re.compile(rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE)


_ASKING = {lang: _kinds(kinds) for lang, kinds in _ASKS.items()}
_TOKEN = _kinds(_TOKENS)
_LIMIT = {lang: _kinds({"limit": pattern}) for lang, pattern in _LIMITS.items()}


def negation_faults(source: str, target: str, language: str) -> Iterator[str]:
    """What is denied on one side only, a phrase each."""
    cues = list(_ASKING[language].finditer(source))
    asked = Counter(match.lastgroup or "" for match in cues)
    found = Counter(match.lastgroup or "" for match in _TOKEN.finditer(target))
    limits = len(_LIMIT[language].findall(_ASKING[language].sub(" ", source)))
    left = _unanswered(asked, Counter({**found, "limit": max(0, found["limit"] - limits)}), _ANSWERS)
    if left:
        words = dict.fromkeys(match.group() for match in cues if match.lastgroup in _ANSWERS)
        yield f"{left} of {', '.join(words)} not denied"
    spare = found.copy()
    _unanswered(asked, spare, _ALLOWED)
    strange = spare["deny"] - asked["reason"] - asked["idle"]
    if strange > 0:
        yield f"{found['deny']} denials where the original has {found['deny'] - strange}"


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
