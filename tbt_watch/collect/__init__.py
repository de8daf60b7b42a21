"""The first step: run a spider, keep what the source said, word for word, and say how it went.

``runner`` runs one source in a process of its own, ``child`` is that process and ``crawl`` what it does there ·
``options`` what it is told and reports · ``keep`` hands items to the store · ``settings``, ``polite``, ``turns``,
``faults`` Scrapy's side · ``registry`` knows the spiders, which nobody imports. Nothing is imported here: who only
starts a process does not load Scrapy.
"""
