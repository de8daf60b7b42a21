"""Step 7 of the way: what is composed goes out, and how it went is written down.

``message`` renders an edition once, ``outbox`` claims, sends and records, a channel (``pretend``, ``telegram``,
``email``, ``byhand``) has one verb and says by its error whether trying again can help.
"""
