"""From a notice in its own language to Vietnamese: exact where it can be, by machine where it must be.

The exact side: ``exact`` what the stage keeps of it · ``headline`` and ``opening`` official sentences from a
notice's fields, by the messages of ``forms`` · ``timing`` deadlines and dates that a source gives in words.

The memory: ``memory`` what people translated before, found exactly, ``adapting`` to other values, or nearly ·
``memory_stage`` learning it from what people write · ``tmx`` and ``exchange`` files that offices share.

The engine side: ``engine`` what every engine can do · ``argos`` Argos packages, decoded in batches ·
``packages`` and ``lean`` how packages are read, and argostranslate without its heavy parts · ``models``, ``fetch``
and ``archive`` listing, downloading and installing packages, with the pinned ``catalog.toml`` · ``splitter`` and
``passages`` a text into what a model can take, and back · ``codes``, ``numerals``, ``units`` and ``checks`` whether a
translated field may stand in place of the original.
"""
