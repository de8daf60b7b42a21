"""What a reader can tap under a message about one notice; pure.

What comes back to us names the notice by its number in the store: ``affected:12``. Who tapped is known by the chat.
"""

from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.domain.edition import Button, Edition, Part

AFFECTED, IRRELEVANT, FOLLOW, WHY, CHOOSE = "affected", "irrelevant", "follow", "why", "choose"
BULLETIN, NO_BULLETIN = "m:bulletin:on", "m:bulletin:off"
"""What begins the bulletin, and what ends it and nothing else."""


def under_notice(notice_id: int, edition: Edition, speak: Speaker) -> tuple[tuple[Button, ...], ...]:
    """Two rows of two: what the reader has to say of it, and what the reader wants of us."""
    return (
        (
            Button(label=speak.say("Affects us"), action=f"{AFFECTED}:{notice_id}"),
            Button(label=speak.say("Not our business"), action=f"{IRRELEVANT}:{notice_id}"),
        ),
        (
            Button(label=speak.say("Follow"), action=f"{FOLLOW}:{notice_id}"),
            Button(label=speak.say("Why do I get this?"), action=f"{WHY}:{notice_id}:{edition.id or 0}"),
        ),
    )


def under_list(edition: Edition, speak: Speaker) -> tuple[tuple[Button, ...], ...]:
    """Under a list of notices: choose one of them, then its own buttons come."""
    return (
        (
            Button(
                label=speak.say("Choose a notice to follow or answer"), action=f"{CHOOSE}:{edition.id or 0}"
            ),
        ),
    )


def brings_bulletin(part: Part) -> bool:
    """Whether it is the announcement of a bulletin, by what ends that."""
    return any(one.action == NO_BULLETIN for row in part.buttons for one in row)


def under_bulletin(edition: Edition, speak: Speaker) -> tuple[tuple[Button, ...], ...]:
    """Under the announcement of a bulletin: choose one of its notices; no more of them."""
    rows = under_list(edition, speak) if edition.items else ()
    return (*rows, (Button(label=speak.say("Stop the bulletin"), action=NO_BULLETIN),))
