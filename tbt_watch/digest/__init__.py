"""Step 6 of the way: who gets what. An edition is everything accepted before its end that is in no earlier
edition of its audience: a join, not a clock.

``match`` says whether a notice concerns a subscription and why, ``index`` the same for many, ``documents`` what is
followed by name; ``untold`` is the join, ``calendar`` says when editions are due, ``stage`` composes them with
``corrections`` and ``reminders``. ``wishes`` is the one way in which subscriptions are saved and changed, ``enrol``
takes in what staff prepare, ``preview`` tells what a subscription would have brought.
"""
