"""What a source declares and yields, and the strict readers of what sources answer: the only room of a spider.

``base`` the declaration and the raw item · ``sheet``, ``paged``, ``feed`` bases for workbooks, JSON pages and feeds ·
``html`` labelled rows · ``workbook`` rows of a workbook (``archive``, ``elements``, ``strings`` below it). Nothing is
imported here: who only reads a cell does not load Scrapy.
"""
