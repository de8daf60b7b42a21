"""What a reader can tap under a message about one notice; pure.

What comes back to us names the notice by its number in the store: ``affected:12``. Who tapped is known by the chat.
"""

from tbt_watch.deliver.letterhead import Speaker
from tbt_watch.domain.edition import Button, Edition

AFFECTED, IRRELEVANT, FOLLOW, WHY, CHOOSE = "affected", "irrelevant", "follow", "why", "choose"


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
