"""The curators' page: the queue, one notice, decisions with undo, the record, search; behind a login.

``room.py`` lets in who is logged in and makes answers, ``sessions.py`` logs in and out, ``passwords.py`` and
``slowdown.py`` guard that. ``queue.py``, ``notice.py``, ``deeds.py``, ``record.py`` and ``accounts.py`` are the pages
on notices; ``editions.py``, ``issuing.py``, ``issues.py``, ``people.py`` and ``letters.py`` those on bulletin and
subscribers; ``terms.py``, ``memory.py`` and ``office_record.py`` those on what things are called.
No rule of the house stands here: every change goes through its verbs.
"""
