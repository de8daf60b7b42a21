"""The sentences the test models learn from: our own templates in the manner of a notification.

English, Vietnamese and French side by side, so that one table serves every direction. A template's slots are
filled at random; what is drawn for the test is never drawn for the training. Most of them stand as the product's
locks leave a sentence, with sentinels in place of numbers, dates and codes.
"""

import itertools
import random
import re
from typing import NamedTuple


class Wording(NamedTuple):
    """One wording in three languages; the French of a product carries its article."""

    en: str
    vi: str
    fr: str


PRODUCTS = tuple(
    Wording(*row)
    for row in (
        ("toys", "đồ chơi", "les jouets"),
        ("rice", "gạo", "le riz"),
        ("footwear", "giày dép", "les chaussures"),
        ("textiles", "sản phẩm dệt", "les textiles"),
        ("wooden furniture", "đồ nội thất bằng gỗ", "les meubles en bois"),
        ("cosmetics", "mỹ phẩm", "les cosmétiques"),
        ("medical devices", "thiết bị y tế", "les dispositifs médicaux"),
        ("food additives", "phụ gia thực phẩm", "les additifs alimentaires"),
        ("prepackaged food", "thực phẩm bao gói sẵn", "les aliments préemballés"),
        ("dried fish", "cá khô", "le poisson séché"),
        ("frozen shrimp", "tôm đông lạnh", "les crevettes congelées"),
        ("coffee", "cà phê", "le café"),
        ("tea", "chè", "le thé"),
        ("pepper", "hạt tiêu", "le poivre"),
        ("cashew nuts", "hạt điều", "les noix de cajou"),
        ("fresh fruit", "quả tươi", "les fruits frais"),
        ("fertilizers", "phân bón", "les engrais"),
        ("animal feed", "thức ăn chăn nuôi", "les aliments pour animaux"),
        ("tyres", "lốp xe", "les pneumatiques"),
        ("helmets", "mũ bảo hiểm", "les casques"),
        ("lamps", "đèn điện", "les lampes"),
        ("refrigerators", "tủ lạnh", "les réfrigérateurs"),
        ("air conditioners", "máy điều hòa không khí", "les climatiseurs"),
        ("batteries", "pin và ắc quy", "les batteries"),
        ("steel bars", "thép thanh", "les barres en acier"),
        ("cement", "xi măng", "le ciment"),
        ("ceramic tiles", "gạch gốm ốp lát", "les carreaux céramiques"),
        ("paints", "sơn", "les peintures"),
        ("motor vehicles", "xe cơ giới", "les véhicules à moteur"),
        ("wines", "rượu vang", "les vins"),
    )
)

COUNTRIES = tuple(
    Wording(*row)
    for row in (
        ("Viet Nam", "Việt Nam", "Viet Nam"),
        ("Japan", "Nhật Bản", "Japon"),
        ("Thailand", "Thái Lan", "Thaïlande"),
        ("India", "Ấn Độ", "Inde"),
        ("China", "Trung Quốc", "Chine"),
        ("Australia", "Úc", "Australie"),
        ("Brazil", "Brazil", "Brésil"),
        ("Canada", "Canada", "Canada"),
        ("Switzerland", "Thụy Sĩ", "Suisse"),
        ("Egypt", "Ai Cập", "Égypte"),
        ("South Africa", "Nam Phi", "Afrique du Sud"),
        ("Indonesia", "Indonesia", "Indonésie"),
    )
)

SUBSTANCES = tuple(
    Wording(*row)
    for row in (
        ("lead", "chì", "plomb"),
        ("cadmium", "cadimi", "cadmium"),
        ("mercury", "thủy ngân", "mercure"),
        ("arsenic", "asen", "arsenic"),
        ("formaldehyde", "formaldehyde", "formaldéhyde"),
    )
)

AIMS = tuple(
    Wording(*row)
    for row in (
        ("protect human health", "bảo vệ sức khỏe con người", "protéger la santé des personnes"),
        ("protect consumers", "bảo vệ người tiêu dùng", "protéger les consommateurs"),
        ("protect the environment", "bảo vệ môi trường", "protéger l'environnement"),
        ("save energy", "tiết kiệm năng lượng", "économiser l'énergie"),
        ("prevent deceptive practices", "ngăn ngừa hành vi gian lận", "prévenir les pratiques trompeuses"),
        ("ensure road safety", "bảo đảm an toàn giao thông", "assurer la sécurité routière"),
    )
)

MONTHS = (
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
)

TEMPLATES = tuple(
    Wording(*row)
    for row in (
        (
            "This regulation sets out labelling requirements for {p}.",
            "Quy định này đặt ra yêu cầu ghi nhãn đối với {p}.",
            "Ce règlement fixe des exigences d'étiquetage pour {p}.",
        ),
        (
            "The draft regulation applies to {p} imported from {c}.",
            "Dự thảo quy định áp dụng đối với {p} nhập khẩu từ {c}.",
            "Le projet de règlement concerne {p} en provenance du pays suivant : {c}.",
        ),
        (
            "{c} notifies a draft technical regulation on {p}.",
            "{c} thông báo dự thảo quy chuẩn kỹ thuật về {p}.",
            "{c} notifie un projet de règlement technique sur {p}.",
        ),
        (
            "The limit for {s} in {p} is {n} mg/kg.",
            "Mức giới hạn {s} trong {p} là {n} mg/kg.",
            "La limite de {s} dans {p} est de {n} mg/kg.",
        ),
        (
            "{p} shall contain no more than {n}% of {s}.",
            "{p} không được chứa quá {n}% {s}.",
            "{p} ne doivent pas contenir plus de {n}% de {s}.",
        ),
        (
            "Comments are due by {d}.",
            "Hạn góp ý là ngày {d}.",
            "Les observations sont attendues avant le {d}.",
        ),
        (
            "The proposed date of entry into force is {d}.",
            "Ngày dự kiến có hiệu lực là ngày {d}.",
            "La date projetée pour l'entrée en vigueur est le {d}.",
        ),
        (
            "{p} must be tested before being placed on the market.",
            "{p} phải được thử nghiệm trước khi đưa ra thị trường.",
            "Il faut soumettre à des essais {p} avant la mise sur le marché.",
        ),
        (
            "The measure does not apply to {p}.",
            "Biện pháp này không áp dụng đối với {p}.",
            "La mesure ne concerne pas {p}.",
        ),
        (
            "Importers of {p} shall register with the competent authority.",
            "Nhà nhập khẩu {p} phải đăng ký với cơ quan có thẩm quyền.",
            "Ceux qui importent {p} doivent s'enregistrer auprès de l'autorité compétente.",
        ),
        (
            "The standard gives test methods for {p}.",
            "Tiêu chuẩn này đưa ra các phương pháp thử đối với {p}.",
            "La norme donne des méthodes d'essai pour {p}.",
        ),
        (
            "A certificate of conformity is required for {p} from {c}.",
            "Cần có giấy chứng nhận sự phù hợp đối với {p} từ {c}.",
            "Un certificat de conformité est exigé pour {p} de ce pays : {c}.",
        ),
        (
            "The sale of {p} containing {s} is prohibited.",
            "Cấm bán {p} có chứa {s}.",
            "Il est interdit de vendre {p} contenant du {s}.",
        ),
        ("The aim is to {a}.", "Mục đích là {a}.", "Le but est de {a}."),
        (
            "Draft technical regulation on the safety of {p}",
            "Dự thảo quy chuẩn kỹ thuật về an toàn của {p}",
            "Projet de règlement technique sur la sécurité : {p}",
        ),
        (
            "Requirements for the packaging of {p}",
            "Yêu cầu đối với việc bao gói {p}",
            "Exigences d'emballage : {p}",
        ),
        (
            "Tests of {p} shall follow {k}.",
            "Việc thử nghiệm {p} phải theo {k}.",
            "Les essais concernant {p} suivent {k}.",
        ),
        (
            "Under {k}, the limit for {s} is {n} mg/kg.",
            "Theo {k}, mức giới hạn {s} là {n} mg/kg.",
            "Selon {k}, la limite de {s} est de {n} mg/kg.",
        ),
        (
            "The label shall state the country of origin and the net weight.",
            "Nhãn phải ghi nước xuất xứ và khối lượng tịnh.",
            "L'étiquette indique le pays d'origine et le poids net.",
        ),
    )
)


def _locked(pattern: str, numbers: bool) -> str:
    """A template as the product's locks leave it: sentinels, counted from one, stand for what must come out exactly:
    codes always, numbers and dates mostly."""
    slots = re.compile(r"\{n\}(?: mg/kg|%)|\{[dk]\}" if numbers else r"\{k\}")
    number = itertools.count(1)
    return slots.sub(lambda _: f"XZ{next(number)}", pattern)


def _draw(rng: random.Random) -> Wording:
    template = rng.choice(TEMPLATES)
    product, country, substance, aim = (
        rng.choice(table) for table in (PRODUCTS, COUNTRIES, SUBSTANCES, AIMS)
    )
    number = rng.choice(("0.1", "0.2", "0.5", "1.5", "2", "3", "5", "10", "20", "50", "100"))
    day, month, year = rng.randint(1, 28), rng.randint(0, 11), rng.choice((2026, 2027))
    dates = (f"{day} {MONTHS[month][0]} {year}", f"{day} tháng {month + 1} năm {year}",
             f"{day} {MONTHS[month][1]} {year}")  # fmt: skip
    locked = rng.random() < 0.7
    texts = []
    for column, written in enumerate(template):
        pattern = _locked(written, locked)
        shown = number if column == 0 else number.replace(".", ",")
        text = pattern.format(
            p=product[column], c=country[column], s=substance[column], a=aim[column], n=shown, d=dates[column]
        )
        texts.append(text[0].upper() + text[1:])
    return Wording(*texts)


def draw(training: int, held_out: int, seed: int = 20) -> tuple[list[Wording], list[Wording]]:
    """The sentences to learn, and others that are not among them. Every template is drawn as often as any
    other, so those with few fillings repeat; a sentence without a product is always one to learn."""
    rng = random.Random(seed)
    unseen: dict[str, Wording] = {}
    while len(unseen) < held_out:
        wording = _draw(rng)
        if any(product.en in wording.en.lower() for product in PRODUCTS):
            unseen.setdefault(wording.en, wording)
    known: list[Wording] = []
    while len(known) < training:
        wording = _draw(rng)
        if wording.en not in unseen:
            known.append(wording)
    return known, list(unseen.values())
