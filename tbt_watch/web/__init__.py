"""Pages that the service serves itself, behind the office's own web server.

``public/`` is for enterprises: a mailbox is confirmed, a subscription ended. ``app.py`` puts the rooms together and
guards them all (``guard.py``), ``pages.py`` holds the templates, ``server.py`` runs it beside the scheduler. The pages
hold no rule of their own.
"""
