"""The zip that Argos Translate and the product install, made of a converted model and its tokenizer."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

NAMES = {"en": "English", "fr": "French", "vi": "Vietnamese"}


def metadata(source: str, target: str, licence: str, **more: object) -> dict[str, object]:
    """What a package says of itself, in the words that Argos Translate reads; ``more`` is for the product."""
    return {
        "package_version": "0.1", "argos_version": "1.9", "type": "translate", "links": [], "licence": licence,
        "from_code": source, "from_name": NAMES[source], "to_code": target, "to_name": NAMES[target], **more,
    }  # fmt: skip


def package(facts: Mapping[str, object], readme: str, tokenizer: bytes, model: Path) -> bytes:
    """One folder in a zip, with fixed times, so that it can be made again. ``model``: the folder that CTranslate2
    wrote."""
    files = {f"model/{path.name}": path.read_bytes() for path in sorted(model.iterdir())}
    return zipped(facts, {"README.md": readme.encode(), "sentencepiece.model": tokenizer, **files})


def described(body: bytes, facts: Mapping[str, object], readme: str) -> bytes:
    """The same package with other things said of it."""
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        files = {name.split("/", 1)[1]: archive.read(name) for name in archive.namelist()}
    del files["metadata.json"]
    return zipped(facts, {**files, "README.md": readme.encode()})


def zipped(facts: Mapping[str, object], files: Mapping[str, bytes]) -> bytes:
    """The files under the name that the package's own facts give it."""
    root = f"translate-{facts['from_code']}_{facts['to_code']}-{facts['package_version']}".replace(".", "_")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        everything = {"metadata.json": json.dumps(facts, ensure_ascii=False, indent=2).encode(), **files}
        for name, body in everything.items():
            entry = zipfile.ZipInfo(f"{root}/{name}", (2026, 1, 1, 0, 0, 0))
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()
