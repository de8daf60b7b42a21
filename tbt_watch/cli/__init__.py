"""The command line: thin verbs, and the one place where the house is put together."""

import sys
from collections.abc import Sequence

import click

import tbt_watch
from tbt_watch.cli import (
    bulletin,
    byhand,
    collect,
    curators,
    doctor,
    ledger,
    memory,
    notices,
    people,
    sources,
    stages,
    terms,
    text,
    upkeep,
    vocabulary,
)
from tbt_watch.cli.frame import Verbs, run_guarded


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(tbt_watch.__version__, prog_name="tbt-watch")
def tbt_watch_command() -> None:
    """Watches WTO TBT and SPS notifications and Vietnamese regulations, puts them into Vietnamese, tags them by
    sector, and brings them to the enterprises concerned in time to act."""


for command in (
    stages.init, stages.run, stages.serve, collect.collect, stages.normalise, stages.translate, stages.tag,
    stages.curate, stages.digest, stages.deliver, sources.sources_, notices.notices, notices.issues, text.text,
    upkeep.models, terms.terms, vocabulary.vocabulary, memory.memory, people.subscribers, curators.curators,
    ledger.deliveries, bulletin.bulletin, upkeep.status, doctor.doctor, upkeep.backup, upkeep.restore,
):  # fmt: skip
    tbt_watch_command.add_command(command)
for command in (byhand.show, byhand.pasted):
    ledger.deliveries.add_command(command)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and end with its exit code."""
    sys.exit(run_guarded(tbt_watch_command, args))
