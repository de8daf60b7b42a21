"""The nouns of the house: frozen, keyword-only, aware of time zones. They know nothing of the rooms above.

``notice`` what we announce · ``symbol`` and ``legal`` its names · ``tag`` and ``translation`` what is added to it ·
``work`` raw records, issues, decisions, versions, reports · ``subscriber`` who gets it · ``edition`` what goes out ·
``moment`` days and time zones · ``text`` NFC and the fold for search.
"""
