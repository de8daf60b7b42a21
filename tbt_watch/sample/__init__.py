"""The sample: a bundled edition of real notices, and a local server that answers as the sources do.

``Edition`` is the data (``edition/README.md`` says what is in it and what is fact), ``StandIn`` serves it over
HTTP on 127.0.0.1 with the traps of the real sites, ``workbook`` makes ePing's workbooks from it. The sample
lives on a day of its own, so ask ``sample_now`` and no clock.
"""

from tbt_watch.sample.bundle import (
    EXPECTED_ISSUES,
    SAMPLE_DAY,
    Edition,
    ExpectedIssue,
    Record,
    sample_now,
    subscribers_csv,
)
from tbt_watch.sample.exchange import Request
from tbt_watch.sample.standin import StandIn

__all__ = [
    "EXPECTED_ISSUES",
    "SAMPLE_DAY",
    "Edition",
    "ExpectedIssue",
    "Record",
    "Request",
    "StandIn",
    "sample_now",
    "subscribers_csv",
]
