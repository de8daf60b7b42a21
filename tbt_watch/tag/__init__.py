"""Tags: what a notice is about, each with its reason.

``vocabulary`` the tables, read and checked · ``office`` an office's own rows over them, with ``sheets``, ``taking`` and
``preview`` for its files · ``matcher`` words in a text · ``codes`` HS and ICS codes in a text · ``rules`` a notice's
tags · ``predict`` a model's, where these say little · ``stage`` the stage.
"""
