"""argostranslate without its heavy parts.

Its package asks for stanza (and so for torch), spaCy and minisbd (AGPL) only to split sentences, which we do
ourselves; and at its import it makes folders in the user's home. Here it is imported with small stand-ins for
those modules and with its folders under the one that is handed in; the stand-ins and the environment are gone
again afterwards. Nothing happens before ``argos_package`` is called.
"""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import RLock
from types import ModuleType
from typing import Any

_LOCK = RLock()
_FOLDERS = {
    "XDG_DATA_HOME": "data",
    "XDG_CONFIG_HOME": "config",
    "XDG_CACHE_HOME": "cache",
    "ARGOS_PACKAGES_DIR": "packages",
}
# A debug switch prints on standard output, where only data may stand; a provider would call a server.
_SILENCED = ("ARGOS_DEBUG", "ARGOS_DEV_MODE", "ARGOS_CHUNK_TYPE", "ARGOS_MODEL_PROVIDER", "SNAP")


@cache
def argos_available() -> str | None:
    """None when argostranslate can be used, else one sentence that says why not and what to do."""
    if find_spec("argostranslate") is None:
        return (
            "argostranslate is not installed, so packages are read without it;"
            " to add it without its heavy parts: pip install --no-deps argostranslate==1.11.0."
        )
    for needed in ("ctranslate2", "sentencepiece", "packaging"):
        if find_spec(needed) is None:
            return f"argostranslate cannot work without {needed}: run pip install {needed}."
    return None


def argos_package(home: Path) -> Any | None:
    """The module ``argostranslate.package``, its folders under ``home``; None when it is not installed, or when
    ``home`` cannot be written (it makes its folders at import), and packages are read without it."""
    if argos_available() is not None:
        return None
    with _LOCK:
        if "argostranslate.translate" not in sys.modules:
            try:
                with stand_ins(), _environment(home):
                    importlib.import_module("argostranslate.translate")
            except OSError:
                return None
        return importlib.import_module("argostranslate.package")


@contextmanager
def installing_into(home: Path, folder: Path) -> Iterator[Any]:
    """``argostranslate.package`` for as long as its one packages folder is ``folder``.

    argostranslate holds that folder in a module; two installs at a time would mix them up, hence the lock.
    """
    with _LOCK:
        package = argos_package(home)
        assert package is not None, "ask argos_available first"
        settings = package.settings
        before = settings.package_data_dir, settings.package_dirs
        settings.package_data_dir, settings.package_dirs = folder, [folder]
        try:
            yield package
        finally:
            settings.package_data_dir, settings.package_dirs = before


@contextmanager
def stand_ins() -> Iterator[None]:
    """``stanza``, ``minisbd`` and ``minisbd.models`` can be imported, and do nothing; ``spacy`` cannot be."""
    stubs = _stubs()
    before = {name: sys.modules[name] for name in stubs if name in sys.modules}
    sys.modules.update(stubs)  # type: ignore[arg-type]  # None forbids an import; typeshed does not say so
    try:
        yield
    finally:
        for name in stubs:
            sys.modules.pop(name, None)
        sys.modules.update(before)


def _stubs() -> dict[str, ModuleType | None]:
    stanza, minisbd, models = ModuleType("stanza"), ModuleType("minisbd"), ModuleType("minisbd.models")
    models.cache_dir = ""  # type: ignore[attr-defined]
    models.list_models = _no_models  # type: ignore[attr-defined]
    minisbd.models = models  # type: ignore[attr-defined]
    minisbd.SBDetect = _NoSplitter  # type: ignore[attr-defined]
    return {"stanza": stanza, "minisbd": minisbd, "minisbd.models": models, "spacy": None}


def _no_models() -> list[str]:
    return ["en"]


class _NoSplitter:
    """Stands where minisbd's detector would; sentences are split by ``splitter`` instead."""

    def __init__(self, *_: object, **__: object) -> None:
        raise NotImplementedError("sentences are split by tbt_watch.translate.sentences.splitter")


@contextmanager
def _environment(home: Path) -> Iterator[None]:
    changed = {name: str(home / "argos" / sub) for name, sub in _FOLDERS.items()}
    # It sets this one itself at import, for the whole process.
    names = (*changed, *_SILENCED, "KMP_DUPLICATE_LIB_OK")
    before = {name: os.environ.get(name) for name in names}
    for name in _SILENCED:
        os.environ.pop(name, None)
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
