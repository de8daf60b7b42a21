"""TBT Watch: from a WTO notification or a Vietnamese regulation to the enterprise concerned, in time to act.

The one way through, and the rooms along it:

    spiders/        one file a source; they only read
    source/         what a source declares and yields; strict readers
    collect/        runs a spider and stores its answers unchanged
    normalise/      a raw record becomes a notice, or an issue
    translate/      exact templates, Argos, checks
    tag/            sectors, markets and topics, each with its reason
    curate          a person's decision, or the acceptance policy's
    digest/         editions, one for each audience
    deliver/        brings them to subscribers, with a ledger of every part
    bulletin/       the static site, and the editions of the bulletin

Below them ``domain`` (the nouns), ``errors``, ``config``, ``language``, ``store`` (all SQL), ``sample`` (the bundled
edition and a stand-in of the sources), ``whole`` (a file is written whole or not at all); above them ``app`` (builds
the tools), ``publishing``, ``announcing`` and ``yearly`` (an edition with its site, who is told of it, the archive of a
year), ``pipeline`` (the order of the stages), ``scheduler`` (when), ``cli`` (the verbs). A room imports only what
stands below it.

Start reading: ``domain/``, one spider, ``pipeline.py``, one file of ``normalise/``, ``deliver/outbox.py``,
``tests/test_journey.py``.
"""

__version__ = "0.1.0"
