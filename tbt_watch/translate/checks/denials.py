"""The words that deny, forbid and except in English, French, Spanish and Vietnamese, by kind."""

# What asks for a denial, by language and kind; the first pattern that fits a place names its kind.
ASKS = {
    "en": {
        "idle": r"not\s+(?:only|merely|just|solely|simply)|no\s+doubt|not\s+least|without\s+prejudice",
        "prompt": r"without\s+(?:undue\s+|further\s+)?delay|without\s+interruption|uninterr?upt\w+",
        "charge": r"free\s+of\s+charge",
        "heedless": r"irrespective|regardless",
        "fail": r"fail(?:s|ed|ing)?",
        "choice": r"whether\s+or\s+not|or\s+not(?!\s+more)",
        "limit": r"(?:cannot|not|no|never|nor|without|n['\u2019]t)\s+(?:\w+\s+){0,2}?(?:exceed\w*|"
        r"(?:more|less|fewer|greater|higher|lower|larger|smaller|longer|shorter|later|earlier|older|"
        r"younger|worse|thicker|"
        r"thinner|wider|broader|narrower|heavier|lighter|(?:more|less)\s+(?:often|frequently))\s+than)|"
        r"not\s+(?:(?:be|is|are|to|fall|go|rise)\s+)?(?:beyond|(?:above|below|over|under)(?=\s+[\d(]))",
        "past": r"no\s+longer",
        "same": r"un(?:changed|altered|affected)",
        "radio": r"wireless\w*|cordless",
        "exception": r"except(?:ing|ed|ions?)?|exclud(?:e[sd]?|ing)|exclusive\s+of|unless|derogat\w+|"
        r"save\s+for|outside\s+the\s+scope",
        "other": r"trầu\s+không|other\s+than",
        "ban": r"prohibit(?:s|ed|ing|ions?)?|ban(?:s|ned|ning)?|forbid(?:s|den)?",
        "exemption": r"exempt(?:s|ed|ing|ions?)?",
        "free": r"free\s+(?:of|from)|without|freedom\s+from|absence|absent|zero-(?=[a-z])|"
        r"(?!float)[^\W_]{1,40}-free|(?<!\ba )(?<!\bthe )(?<!\bin )"
        r"free(?=\s+(?:areas?|zones?|status|country|countries|places?)\b)",
        "prefix": r"no(?=[\s-]load\b)|non(?=[\s\u2010\u2011-][a-z])|non-(?=\s)|"
        r"non(?!yl|an|eth|sens|pareil)[a-z]{5,}|disapprov\w*",
        "word": r"un(?!i[^nmd]|anim|der|til|to|rest\b|less\b|duly|gul|load|veil|tie|lock|plug|like\b|earth|guic|deca|"
        r"ece\b|esco\b|ido\b|icef\b|due\b|polished|attended|tucked|wind|fold|ravel|roll|screw|wrap|pack|hook|clog|"
        r"coil|bend|hair|coupl|cover|seat|yield|broken|ambig)\w{3,}|"
        r"incorrect|invalid|insoluble|incomplete|insufficient|inappropriate|inedible|inadequate|"
        r"inaccurate|inconsistent|irregular\w*|impossible|illegal|lacking|ineligib\w*|disqualif\w*|"
        r"disproport\w*|irrevers\w*|inconclus\w*|indelib\w*|erron\w*|"
        r"(?:stain|colou?r|odou?r|taste|leaf|seed|tube|cord|bone)less",
        "plain": r"not|cannot|no(?!\.|\s*[\d(]|s\b)|none|neither|never|nobody|nothing|[^\W_]{1,20}n['\u2019]t",
        "firm": r"nor|refus\w+|den(?:y|ie[sd]|ial)|reject\w*|disallow\w*|otherwise|relieve[sd]?|"
        r"withh\w+|revo(?:ke[sd]?|king)|outside|unable|devoid|"
        r"zero\s+tolerance|last\s+resort|barr(?:ed|ing)\s+from|forfeit\w*|ceas(?:e[sd]?|ing)|or\s+else|held\s+back|yet\s+to|"
        r"stop(?:s|ped)?\s+short|fall(?:s|en)?\s+out\s+of\s+use|"
        r"found\s+wanting|do(?:es)?\s+away\s+with|instead\s+of|rather\s+than|lest|refrain\w*|declin(?:e[sd]?|ing)|"
        r"rul(?:e[sd]?|ing)\s+out|le(?:ft|av\w+)\s+out|ke(?:pt|eps?|eping)\s+(?:\w+\s+){0,4}(?:out|from\s+\w+ing)\b|"
        r"spar(?:e[sd]?|ing)\s+(?!parts?\b|tyres?\b|wheels?\b)|dispens(?:e[sd]?|ing)\s+with|disregard\w*|"
        r"(?:bare|hard|scarce)ly|seldom|out\s+of\s+(?:reach|contact|sight)|too\s+\w+\s+(?:for|to)|"
        r"los(?:e[sd]?|ing|t)\s+(?:its|their|the|his|her)",
        "reason": r"in(?:ac|ad|ap|com[pb]|conc|cons|correct|def|del|direct|disp|edib|effect|effic|equ|ev|"
        r"exa|expl|feas|flam|flex|fus|homog|sec|sens|sep|stab|suff|"
        r"tol|val|vis)\w*|im(?:mut|pass|perf|perm|perv|poss|pract|prop)\w*|ir(?:re[gsvlc])\w*|il(?:leg|"
        r"lic)\w*|[^\W_]{3,40}less(?:ly|ness)?|"
        r"dis(?:comf|cont|crim|reg|sim|sat)\w*|"
        r"mis(?:match|lead)\w*|lack\w*|failures?|obsolete|zero|void|unlike|wrong\w*|asym\w*|async\w*|"
        r"false|counterfeit|over[\s-]the[\s-]counter|"
        r"drones?|uas|uavs?|negligib\w*|omi(?:t|ssion)\w*|missing|constant|loss|optional|prevent\w*|\w{3,12}-?proof|"
        r"informal\w*|unofficial\w*|disagree\w*|ambiguous|dubious|doubtful|silent|want(?:\s+of|ing(?!\s+to))|sub-\w+|"
        r"discrepan\w*|diverg\w*|radiolucent|regrettable|still(?=\s+(?:water|wine|drink|mineral))|raw|"
        r"juvenile|disappear\w*|superfluous|"
        r"preclud\w*|frowned|bycatch|to\s+be\s+determined|freedom|free|n\.e\.[sc]|ad\s+hoc|"
        r"opt(?:s|ed|ing)?[\s-]out|discourag\w*|"
        r"(?:advis|warn|caution|recommend)\w*\s+against|un(?:attended|tucked)|in\s+default\s+of|"
        r"substandard|deficien\w*|empty|vacant|violat\w*|opaque|resist\w*|escap\w+|withstand\w*|surviv\w+|"
        r"postpon\w*|beyond|poor\w*|clean|nil|vacuum|avoid\w*|"
        r"integral|dormant|depart(?:s|ed|ing|ures?)?\s+from|lay(?:persons?|m[ea]n|people)|equivocal|outstanding|"
        r"out\s+of\s+proportion|trivial|immaterial|beware",
    },
    "fr": {
        "idle": r"(?:non|pas)\s+seulement",
        "choice": r"ou\s+non|ou\s+pas",
        "limit": r"(?:n['\u2019]exc\w+|ne\s+dépass\w+)\s+pas|(?:pas|"
        r"sans)\s+(?:\w+\s+){0,2}?(?:dépass\w+|excéd\w+|plus|moins|supérieur\w*|"
        r"inférieur\w*)",
        "exception": r"sauf|except[éi]\w*|hormis|exclu\w*|à moins que|autres?\s+que|dérog\w+|hors",
        "ban": r"interdi\w*|prohib\w*",
        "exemption": r"exempté?\w*|exonér\w*|dispens[ée]\w*",
        "free": r"sans|absence",
        "prefix": r"non(?=[\s-][a-z])",
        "word": r"impossible|illégal\w*|insuffisant\w*|inutilis\w*",
        "plain": r"pas|aucune?s?|jamais|ni",
        "reason": r"(?:in|im|il|ir|mal|més|dés?|dis)[a-zàâéèêîôû]{4,}|faute|manque\w*|refus\w*|zéro|"
        r"étanche\w*|inférieur\w*|au\s+plus|"
        r"jusqu\w*|maximum|maximal\w*|gratuit\w*|libre\w*|plutôt|stérile\w*|ne|n",
    },
    "es": {
        "idle": r"no\s+s[oó]lo|no\s+solamente|no\s+obstante",
        "choice": r"o\s+no",
        "limit": r"(?:no|sin)\s+(?:\w+\s+){0,3}?(?:exced\w+|super\w+|rebas\w+|más|menos|mayor\w*|menor\w*|"
        r"inferior\w*|posterior\w*)",
        "exception": r"salvo|excepto|exclu\w+|a\s+menos\s+que|excepci\w+|distint[oa]s?\s+de",
        "ban": r"prohib\w+",
        "exemption": r"exent\w+|exim\w+|exonera\w+|exenci\w+",
        "free": r"sin|libres?\s+de|ausencia",
        "prefix": r"no(?=\s+(?:biodegradable|metálic\w+|alcohólic\w+))",
        "word": r"imposible|ilegal\w*|insuficiente\w*",
        "plain": r"no(?!\.|\s*\d)|ning[uú]n[oa]?s?|nunca|jamás|ni|nada",
        "reason": r"(?:in|im|il|ir|des|dis)[a-záéíóúñ]{4,}|falta\w*|carec\w*|rechaz\w*|neg[au]\w*|"
        r"cero|hasta|máxim\w*|inferior\w*|libre\w*|"
        r"gratuit\w*|estéril\w*|ajen\w*",
    },
}
# What Vietnamese denies with, by kind of word; "other" is what only looks like it.
TOKENS = {
    "fixed": r"không\s+(?:ga|sủi|chân|quai|hạt|kê\s+đơn|rửa\s+trôi|dệt|người\s+lái|dây|xương\s+sống|tải|săm|gỉ)|"
    r"ngoài\s+ý\s+muốn|khác\s+thường|tháo\s+rời|"
    r"chiên\s+không\s+dầu",
    "other": r"trầu\s+không|không\s+(?:lưu(?!\s+(?:giữ|hành|lại|trữ|thông|kho|ý|mẫu))|"
    r"tự\s+chủ)|(?:không|chưa)(?=\s*\?)|chưa\s+thành\s+niên|"
    r"đã\s+(?:\w+\s+){1,3}?chưa(?=\s+(?:và|hay|để)\b|\s*[,.;?]|\s*$)|không\s+(?:khí|gian|quân|trung|phận|chiến|lực|tặc)|chân\s+không|(?:(?<!xếp\s)(?<!dỡ\s)(?<!lô\s)"
    r"(?<!mặt\s)(?<!đơn\s)(?<!khách\s)(?<!bán\s)(?<!các\s)(?<!những\s)hàng|trên|đường|khoảng|"
    r"trời)\s+không(?!\s+(?:được|phải|có|thể|đáp|phù|đạt|quá|halal|bị|còn|thuộc|vượt|cần|nhỏ|cho|"
    r"chứa|qua|thay|gây|làm|tuân|nằm|áp|kèm|đúng|đủ|rõ|chịu|yêu|bao|ghi|dán|hợp|bảo|đảm|hư|nhập|xuất|"
    r"lưu|nên|nhằm|dùng|sử|xảy|vì))|không\s+(?:chỉ|những)|"
    r"(?:thuốc|diệt|khấu|phòng|bài)\s+trừ|trừ\s+(?:sâu|cỏ|dịch|nấm|bệnh|chuột|côn)|(?:bên|nước|phía|"
    r"mặt)\s+ngoài|ngoài\s+(?:ra|trời|da|đường(?!\s+bộ))|"
    r"(?:châu|nam|đông|bắc|tây|trung|cà|phân)\s+phi|phi\s+lê|phi(?=-)|vô\s+cùng|miễn\s+(?:dịch|"
    r"là)|trái\s+(?:cây|đất|phiếu)|sai\s+(?:số|lệch)|bất\s+(?:kỳ|cứ|động|thường)|vô\s+(?:trùng|cơ)|"
    r"không\s+khác(?!\s+nhau)|đến\s+từ|mất\s+khối",
    "radio": r"vô\s+tuyến|kéo\s+dài",
    "choice": r"có\s+hay\s+(?:không|chưa)|(?:hoặc|hay)\s+(?:không|chưa)(?=\s*[,.;:)?!\"\u201d]|\s*$|"
    r"\s+(?:và|để|khi|nếu|theo|đối|trên|của|cho|trong|tại|thì)\b)|bất\s+kể|cho\s+dù|dù",
    "cap": r"không\s+(?:được\s+)?(?:vượt\s+)?quá|"
    r"không\s+được\s+(?:giảm|hạ|tụt|(?:chênh|sai)\s+lệch)(?:\s+xuống)?\s+(?:quá|dưới)|"
    r"không\s+(?:được\s+)?(?:dưới|"
    r"(?:nhỏ|ít|lớn|cao|thấp|muộn|sớm|già|trẻ|nặng|dài|ngắn)\s+hơn)|chưa\s+(?:đến|tới|đầy|đủ)"
    r"(?=\s+(?:\d|một|nửa|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười))",
    "deny": r"không|chưa|chẳng(?!\s+(?:hạn|bao\s+lâu))|đừng|chớ",
    "except": r"ngoại\s+trừ|loại\s+(?:trừ|khỏi|bỏ)|miễn\s+trừ|trừ|ngoại\s+lệ|ngoài|nằm\s+ngoài",
    "else": r"khác|loại\s+ra",
    "ban": r"cấm",
    "exempt": r"miễn",
    "limit": r"tối\s+đa|tối\s+thiểu|nhiều\s+nhất|ít\s+nhất|chậm\s+nhất|muộn\s+nhất|sớm\s+nhất|"
    r"trở\s+xuống|trở\s+lên|dưới|"
    r"đến\s+hết",
    "part": r"van\s+một\s+chiều|đột\s+xuất|mở(?=\s+niêm)|"
    r"mất\s+an\s+toàn|vô(?!\s+hiệu)|phi|bất|vi\s+phạm|trái|sai",
    "past": r"hết\s+(?:hiệu\s+lực|hạn|thời\s+hạn|giá\s+trị)|chấm\s+dứt|thôi",
    "same": r"giữ\s+nguyên|vẫn\s+như",
    "lack": r"thiếu|vắng|kém|khó|vô\s+hiệu",
    "anti": r"chống\s+(?:dính|trượt)",
    "prompt": r"ngay|lập\s+tức|kịp\s+thời|liên\s+tục",
    "fault": r"lỗi|hỏng|hư|sự\s+cố|nhầm|bị\s+mất|mất\s+(?:nguồn|điện|tác\s+dụng)|ngừng",
    "clean": r"sạch|an\s+toàn\s+(?:(?:với|đối\s+với|về)\s+)?(?:dịch|bệnh)|miễn\s+phí",
}
# "at least" is "ít nhất" without a denial on either side.
LIMITS = {
    "en": r"at\s+(?:least|most)|minim\w*|maxim\w*|(?:or|and)\s+(?:less|more|under|over|above|below|"
    r"greater|higher|lower)|at\s+or\s+(?:below|above)|up\s+to|below|under|within|"
    r"(?:less|fewer)\s+than|(?:limited|capped|caps?)\s+(?:\w+\s+){0,3}?(?:to|at)|by(?=\s+\d)|latest|earliest",
    "fr": r"au\s+(?:moins|plus)|minim\w*|maxim\w*|ou\s+(?:plus|moins)|jusqu\w*|moins|inférieur\w*",
    "es": r"(?:al|por\s+lo)\s+menos|m[ií]nim\w*|máxim\w*|o\s+(?:más|menos)|hasta|menos|inferior\w*",
}
