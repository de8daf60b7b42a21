"""From a notice in its own language to Vietnamese: exact where it can be, by machine where it must be.

``stage`` takes what stands at the door; ``desk`` puts one text into Vietnamese sentence by sentence, in the ``ways``
that a sentence can be put before an engine. Each room below has one trade: ``exact`` what needs no model · ``memory``
what people translated before · ``checks`` whether a text may stand · ``engines`` the machine · ``sentences`` a text cut
and joined · ``figures`` numbers, dates and codes, locked and written · ``terms`` the term base.
"""
