"""One HTTP exchange of the stand-in, as values: what was asked and what is answered."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

HOST_PREFIX = "/host/"


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a client asked.

    ``method``; ``target``: path and query as sent; ``host``: the site that is played ("" outside ``/host/``);
    ``path``: the path on that site; ``query``: the raw query; ``headers``: names in lower case.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    host: str
    path: str
    query: str

    @classmethod
    def read(cls, method: str, target: str, headers: Mapping[str, str]) -> "Request":
        """Take a request apart; ``/host/<name>/x`` is the path ``/x`` of the site ``<name>``."""
        whole, _, query = target.partition("?")
        host, path = "", whole
        if whole.startswith(HOST_PREFIX):
            host, _, rest = whole.removeprefix(HOST_PREFIX).partition("/")
            path = "/" + rest
        lower = {name.lower(): value for name, value in headers.items()}
        return cls(method=method, target=target, headers=lower, host=host.lower(), path=path, query=query)

    def parameters(self) -> dict[str, list[str]]:
        """The query's parameters, names in lower case (ASP.NET does not tell them apart by case)."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name.lower(), []).append(value)
        return found


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the stand-in answers; ``headers`` beside the content type and length."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any, *, status: int = HTTPStatus.OK) -> Answer:
    """An answer in JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Answer(status=status, body=body, content_type="application/json; charset=utf-8")


def missing(what: str) -> Answer:
    """A 404 page, as HTML."""
    return Answer(
        status=HTTPStatus.NOT_FOUND,
        body=f"<!DOCTYPE html><html><head><title>404</title></head><body>{what}</body></html>".encode(),
    )
