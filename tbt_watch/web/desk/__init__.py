"""The curators' page: the queue, one notice, decisions with undo, the record, search; behind a login.

``room.py`` lets in who is logged in and makes answers, ``sessions.py`` logs in and out, ``passwords.py`` and
``slowdown.py`` guard that. ``queue.py``, ``notice.py``, ``deeds.py``, ``record.py`` and ``accounts.py`` are the pages
on notices; ``editions.py``, ``issuing.py``, ``issues.py``, ``people.py`` and ``letters.py`` those on all else.
No rule of the house stands here: every change goes through its verbs.
"""
