"""Scrapy's settings, every one that matters said outright: its defaults are not polite and change over time."""

from typing import Any

from tbt_watch import __version__
from tbt_watch.collect.options import CrawlOptions

_LARGEST = 32 << 20
_HANDLER = "tbt_watch.collect.polite.PoliteHandler"


def user_agent(contact: str) -> str:
    """Who we are and whom to write to."""
    return f"tbt-watch/{__version__}" + (f" (+{contact})" if contact else "")


def scrapy_settings(options: CrawlOptions) -> dict[str, Any]:
    """The settings of one crawl."""
    return {
        "BOT_NAME": "tbt-watch",
        "SPIDER_MODULES": ["spiders"],
        "USER_AGENT": user_agent(options.contact),
        "DEFAULT_REQUEST_HEADERS": {"Accept-Language": "en, vi;q=0.8"},
        # Politeness. robots.txt is asked under our own name; one request at a time and host.
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "tbt-watch",
        "DOWNLOAD_DELAY": options.delay,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": 4,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_ENABLED": False,
        "RETRY_TIMES": options.retries,
        "RETRY_HTTP_CODES": [429, 500, 502, 503, 504, 520, 522, 524],
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        # Limits on an answer, before and after it is unpacked.
        "DOWNLOAD_TIMEOUT": options.patience,
        "DOWNLOAD_MAXSIZE": _LARGEST,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        # Nothing that listens, remembers or guesses.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": True,
        "HTTPCACHE_ENABLED": False,
        "REFERER_ENABLED": True,
        "REFERRER_POLICY": "no-referrer",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("http", "https"), _HANDLER),
            **dict.fromkeys(("file", "ftp", "s3", "data")),
        },
        "DOWNLOADER_MIDDLEWARES": {
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "tbt_watch.collect.faults.AnswerFaults": 10,
            "tbt_watch.collect.answers.AnswerKeeper": 580,  # next to what unpacks, before what asks again
        },
        "SPIDER_MIDDLEWARES": {
            "tbt_watch.collect.faults.ReadingFaults": 10,
            "tbt_watch.collect.answers.AnswerMarks": 990,
        },
        # One item after another: the last thing a source yields says that all before it was read.
        "CONCURRENT_ITEMS": 1,
        "EXTENSIONS": {
            "scrapy.extensions.memusage.MemoryUsage": None,
            "scrapy.extensions.logstats.LogStats": None,
        },
        "STATS_DUMP": False,
        "LOG_LEVEL": "ERROR",  # what concerns an operator is an issue
        **_our_own(options),
    }


def _our_own(options: CrawlOptions) -> dict[str, Any]:
    """What our own parts of the downloader are told."""
    return {
        "TBT_HOSTS": dict(options.hosts),
        "TBT_ONLY_HOSTS": options.only_hosts,
        "TBT_LONGEST_WAIT": options.longest_wait,
        "TBT_MEMORY": str(options.memory) if options.memory else "",
        "TBT_ANSWERS": str(options.answers) if options.answers else "",
        "TBT_ANSWERS_KEPT": options.answers_kept,
        "TBT_ANSWERS_LIMIT": options.answers_limit,
        "TBT_NOW": options.now.isoformat(),
    }
