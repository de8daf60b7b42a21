"""Raw records become notices. One file a shape (``eping``, ``gazette``), pure; ``compose`` makes several readings
one notice; ``stage`` moves what stands at the door."""
