"""Step 6 of the way: who gets what. An edition is everything accepted before its end that is in no earlier
edition of its audience: a join, not a clock.

``match`` says whether a notice concerns a subscription and why, ``calendar`` when editions are due, ``stage``
composes them, ``preview`` tells what a subscription would have brought.
"""
