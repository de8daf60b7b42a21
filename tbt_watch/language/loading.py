"""Reads the tables into the nouns of this room; each function takes the folder ``translations``."""

from datetime import date
from pathlib import Path

from tbt_watch.language.tables import (
    DocumentType,
    Group,
    Issuer,
    Label,
    Member,
    Province,
    Row,
    Value,
    day,
    index,
    label,
    rows,
    spellings,
)


def members(folder: Path) -> tuple[dict[str, Member], dict[str, str]]:
    """Members by code, and every name, alias and ePing id → code. Codes are no names: NGA is Nigeria, Nga Russia."""
    columns = "code eping_id iso2 name_en prose_en short_en name_vi short_vi aliases"
    found, names = {}, []
    for row in rows(folder / "members.tsv", columns):
        member = _member(row)
        found[member.code] = member
        own = (row["eping_id"], row["name_en"], row["name_vi"], row["short_en"], row["short_vi"])
        names += [(name, member.code) for name in (*own, *spellings(row["aliases"])) if name]
    return found, index(names, "members.tsv")


def _member(row: Row) -> Member:
    en, vi = row["name_en"], row["name_vi"]
    wording = Label(en=en, vi=vi, short_en=row["short_en"] or en, short_vi=row["short_vi"] or vi)
    return Member(
        code=row["code"],
        eping_id=row["eping_id"],
        iso2=row["iso2"],
        label=wording,
        prose_en=row["prose_en"] or en,
    )


def groups(folder: Path) -> tuple[Group, ...]:
    """The groups that notify together."""
    return tuple(
        Group(
            code=row["code"],
            label=Label(en=row["name_en"], vi=row["name_vi"], short_en=row["short"], short_vi=row["short"]),
            members=frozenset(spellings(row["members"])),
            also=frozenset(spellings(row["also"])),
            guests=frozenset(spellings(row["guests"])),
        )
        for row in rows(folder / "groups.tsv", "code name_en name_vi short members also guests")
    )


def values(folder: Path) -> tuple[dict[tuple[str, str], Value], dict[str, dict[str, str]]]:
    """Values by (kind, code), and per kind every spelling → code."""
    found: dict[tuple[str, str], Value] = {}
    names: dict[str, list[tuple[str, str]]] = {}
    for row in rows(folder / "values.tsv", "kind code match name_en name_vi clause_en clause_vi"):
        clause = Label(en=row["clause_en"], vi=row["clause_vi"])
        value = Value(kind=row["kind"], code=row["code"], label=label(row), clause=clause)
        found[value.kind, value.code] = value
        known = names.setdefault(value.kind, [])
        known += [(name, value.code) for name in (row["name_en"], *spellings(row["match"]))]
    return found, {kind: index(pairs, f"values.tsv, {kind}") for kind, pairs in names.items()}


def wordings(path: Path) -> dict[str, Label]:
    """A nomenclature: code → wording."""
    return {row["code"]: label(row) for row in rows(path, "code name_en name_vi short_en short_vi")}


def products(folder: Path, scheme: str) -> dict[str, Label]:
    """Short wordings for headings (``hs``, 4 digits) or groups (``ics``, 6 characters)."""
    return {
        row["code"]: Label(
            en=row["short_en"], vi=row["short_vi"], short_en=row["short_en"], short_vi=row["short_vi"]
        )
        for row in rows(folder / "products.tsv", "scheme code short_en short_vi")
        if row["scheme"] == scheme
    }


def issuers(folder: Path) -> tuple[dict[str, Issuer], dict[str, str]]:
    """Issuing bodies by code, and every name and code, old or mistyped ones too → code."""
    columns = "code aliases name_vi short_vi name_en valid_from valid_to successor"
    found, names = {}, []
    for row in rows(folder / "issuers.tsv", columns):
        vi, *other = spellings(row["name_vi"])
        found[row["code"]] = Issuer(
            code=row["code"],
            label=Label(en=row["name_en"], vi=vi, short_en=row["name_en"], short_vi=row["short_vi"]),
            valid_from=day(row["valid_from"]),
            valid_to=day(row["valid_to"]),
            successor=row["successor"] or None,
        )
        own = (row["code"], vi, *other, row["short_vi"], row["name_en"], *spellings(row["aliases"]))
        names += [(name, row["code"]) for name in own]
    return found, index(names, "issuers.tsv")


def provinces(folder: Path) -> tuple[Province, ...]:
    """The provinces and cities."""
    return tuple(
        Province(
            code=row["code"],
            kind=row["kind"],
            name=row["name_vi"],
            old_units=spellings(row["old_units"]),
            valid_from=date.fromisoformat(row["valid_from"]),
        )
        for row in rows(folder / "provinces.tsv", "code kind name_vi old_units valid_from")
    )


def document_types(folder: Path) -> dict[str, DocumentType]:
    """Kinds of Vietnamese documents by their slug."""
    return {
        row["slug"]: DocumentType(slug=row["slug"], symbol=row["symbol"], label=label(row))
        for row in rows(folder / "document_types.tsv", "slug symbol name_vi name_en")
    }


def number_slugs(folder: Path) -> dict[str, str]:
    """Parts of legal numbers as addresses spell them → as the number has them, where it is not the upper case."""
    return {row["slug"]: row["symbol"] for row in rows(folder / "number_slugs.tsv", "slug symbol")}
