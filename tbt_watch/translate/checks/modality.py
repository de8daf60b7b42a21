"""Whether what an original demands is demanded in the Vietnamese, and what it allows is allowed."""

import re
from collections.abc import Iterator


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE)


_DEMANDS = {
    "en": _words(
        r"shall|must|mandator\w+|compuls\w+|requir\w+|oblig\w+|ha(?:s|ve|d)\s+to|necessar\w+|need\w*|"
        r"enforc\w+|binding"
    ),
    "fr": _words(r"doi\w+|devr\w+|obligat\w+|exig\w+|requi\w+|nécessair\w+|faut|tenus?|tenues?"),
    "es": _words(r"deb\w+|obligat\w+|exig\w+|requ\w+|necesari\w+|tendr\w+|ha(?:n|brá\w*)?\s+de"),
}
# Words of possibility that end alike and have none of it: a legible label, an applicable rule.
_ABLE = (
    r"(?!legib|applicab|suitab|responsib|reasonab|tab|vegetab|cab|stab|durab|visib|reliab|comparab|equitab|"
    r"acceptab|availab|liab|sustainab|rechargeab|renewab|disposab)\w+[ai]bl[ey]|\w+[ai]bility"
)
_ALLOWS = {
    "en": _words(
        r"may|might|can|cannot|could|would|possib\w+|potential\w*|capab\w+|allow\w*|permit\w*|option\w*|likel\w+|"
        rf"risk|suscept\w*|prone|suspected|enabl\w+|{_ABLE}"
    ),
    "fr": _words(
        r"peu\w+|pourr\w+|pouv\w+|possib\w+|potenti\w+|\w+[ai]ble\w*|permet\w*|autoris\w+|susceptib\w+"
    ),
    "es": _words(
        r"pued\w+|podr\w+|pod[eí]\w+|posib\w+|potenci\w+|\w+[ai]ble\w*|permit\w+|autoriz\w+|susceptib\w+"
    ),
}
# What may be told with "có thể" though it says nothing of possibility.
_CONDITIONS = {
    "en": _words(r"if|where|free|available|ready|eligib\w+|opportunit\w+|apt"),
    "fr": _words(r"si|disponib\w+"),
    "es": _words(r"si|disponib\w+"),
}
_SHALL = {"en": _words("shall|must"), "fr": _words(r"doi\w+|devr\w+"), "es": _words(r"deb\w+")}
_MUST = re.compile(r"(?<!không )(?<!bên )(?<!tay )\b(?:phải|bắt\s+buộc)\b(?!\s+(?:chịu|là\b))", re.IGNORECASE)
_MAY = re.compile(r"(?<!không )(?<!khả năng )\bcó\s+thể\b(?!\s+(?:tích|trạng))", re.IGNORECASE)
_PLAIN_MAY = {"en": _words(r"may(?!\s+no)"), "fr": _words("peu[tv]\\w*"), "es": _words("pued\\w+|podrá\\w*")}


def modality_faults(source: str, target: str, language: str) -> Iterator[str]:
    """A demand that became a permission, and a permission that became a demand."""
    demand, allowed = _DEMANDS[language].search(source), len(_ALLOWS[language].findall(source))
    must, may = _MUST.findall(target), _MAY.findall(target)
    weakened = len(must) < len(_SHALL[language].findall(source)) and len(may) > allowed
    idle = not must and may and not allowed and not _CONDITIONS[language].search(source)
    if demand and (weakened or idle):
        yield f"{demand.group()} became {may[0]}"
    if _PLAIN_MAY[language].search(source) and not demand and must and not may:
        yield f"may became {must[0]}"
