"""The templates of the pages: strict, escaping everything, in the reader's language."""

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from tbt_watch.domain.office import Office
from tbt_watch.language import Language

LANGUAGES = ("vi", "en")


class Pages:
    """Makes answers of templates. ``lang``: what is spoken to whom nothing is known of."""

    def __init__(self, language: Language, office: Office, lang: str) -> None:
        self.lang = lang
        self._language, self._office = language, office
        self._environment = Environment(
            loader=PackageLoader("tbt_watch.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def answer(
        self, request: Request, template: str, lang: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """The page as an answer; in the template ``say`` and ``say_n`` speak the reader's language, ``worded`` and
        ``worded_check`` put into it what was composed in English, and ``root`` leads up to the first page, wherever
        a web server before us has put that."""

        def say(message: str, **given: object) -> str:
            return self._language.say(message, lang, **given)

        def say_n(singular: str, plural: str, n: int, **given: object) -> str:
            return self._language.say_n(singular, plural, n, lang, **given)

        def worded(sentence: str) -> str:
            return self._language.said(sentence, lang)

        def worded_check(detail: str) -> str:
            return self._language.said_of_check(detail, lang)

        page = self._environment.get_template(template)
        other = next(one for one in LANGUAGES if one != lang)
        frame = {"lang": lang, "other": other, "office": self._office, "root": self.root(request)}
        spoken = {"say": say, "say_n": say_n, "worded": worded, "worded_check": worded_check}
        return HTMLResponse(page.render(**spoken, **frame, **values), status)

    def root(self, request: Request) -> str:
        """What leads from the page that was asked for up to the first one, without a slash at its end."""
        return "/".join([".."] * (request.url.path.count("/") - 1)) or "."

    def chosen(self, asked: str | None, known: str | None = None) -> str:
        """The language of a page: the one asked for, else the subscriber's, else the office's."""
        return next((one for one in (asked, known) if one in LANGUAGES), self.lang)
