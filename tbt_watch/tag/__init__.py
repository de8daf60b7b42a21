"""Tags: what a notice is about, each with its reason.

``vocabulary`` the tables, read and checked · ``matcher`` words in a text · ``codes`` HS and ICS codes in a text ·
``rules`` a notice's tags · ``stage`` the stage.
"""
