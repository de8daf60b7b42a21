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
_ALLOWS = {
    "en": _words(
        r"may|might|can|cannot|could|would|able|unable|(?!legib|applicab|suitab|responsib|reasonab|tab|"
        r"vegetab|cab|stab|durab|visib|reliab|comparab|equitab)\w+[ai]bl[ey]|\w+[ai]bility|possib\w+|"
        r"potential\w*|capab\w+|allow\w*|permit\w*|option\w*|"
        r"likel\w+|risk\w*|suscept\w*|available|ready|prone|if|where|suspected|apt|eligib\w+|"
        r"opportunit\w+|enabl\w+|free"
    ),
    "fr": _words(
        r"peu\w+|pourr\w+|pouv\w+|possib\w+|potenti\w+|\w+[ai]ble\w*|permet\w*|autoris\w+|susceptib\w+|si"
    ),
    "es": _words(
        r"pued\w+|podr\w+|pod[eí]\w+|posib\w+|potenci\w+|\w+[ai]ble\w*|permit\w+|autoriz\w+|susceptib\w+|si"
    ),
}
_MUST = re.compile(r"(?<!không )(?<!bên )(?<!tay )\b(?:phải|bắt\s+buộc)\b(?!\s+(?:chịu|là\b))", re.IGNORECASE)
_MAY = re.compile(r"(?<!không )(?<!khả năng )\bcó\s+thể\b", re.IGNORECASE)
_PLAIN_MAY = {"en": _words(r"may(?!\s+no)"), "fr": _words("peu[tv]\\w*"), "es": _words("pued\\w+|podrá\\w*")}


def modality_faults(source: str, target: str, language: str) -> Iterator[str]:
    """A demand that became a permission, and a permission that became a demand."""
    demands, allows = _DEMANDS[language].search(source), _ALLOWS[language].search(source)
    if demands and not allows and (may := _MAY.search(target)) and not _MUST.search(target):
        yield f"{demands.group()} became {may.group()}"
    if (
        _PLAIN_MAY[language].search(source)
        and not demands
        and (must := _MUST.search(target))
        and not _MAY.search(target)
    ):
        yield f"may became {must.group()}"
