"""The bulletin: the static site of accepted notices, readable without scripts, from a disk and on paper.

``build()`` makes it. ``masthead`` what is handed in · ``words`` the wording · ``addresses`` where pages stand ·
``card``, ``timeline``, ``notice_page``, ``lists``, ``front``, ``rooms``, ``statistics`` what each page says ·
``feeds``, ``calendars``, ``follow``, ``search``, ``opendata`` what stands beside the pages · ``keys`` what a file was
made from · ``site`` which pages there are ·
``render`` templates · ``swap`` the change from the old site to the new.
"""

from tbt_watch.bulletin.build import BuildReport, build
from tbt_watch.bulletin.masthead import Labels, SourceHealth
from tbt_watch.bulletin.opendata import Field, OpenData

__all__ = ["BuildReport", "Field", "Labels", "OpenData", "SourceHealth", "build"]
