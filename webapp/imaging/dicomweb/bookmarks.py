"""Where the pages of a search ended, so that the page behind one begins there.

A search is paged by ``offset`` (PS3.18 has no cursor), and an index walks what an offset skips: the last
page of a million studies would cost a walk over all of them, and reading all pages the square of that. So
the key that a page ended with is remembered for some minutes, in this process: a client that reads page
after page pays for each page alone. Whoever jumps, or meets another web process, pays for the walk.

A bookmark holds keys and no right: what may be seen is asked anew with every page. Images that come in
meanwhile in front of it move no later page, so nothing is given twice or left out.
"""

from __future__ import annotations

import time
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

Key = tuple[str, ...]

MOST_SEARCHES = 500
MOST_MARKS = 100  # of one search
SECONDS = 600.0


class Bookmarks:
    """The newest searches of a process; safe to use from its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._searches: OrderedDict[Hashable, tuple[float, list[tuple[int, Key]]]] = OrderedDict()

    def nearest(self, search: Hashable, offset: int) -> tuple[int, Key | None]:
        """``(place, key)``: the result at ``place`` <= ``offset`` is the first behind ``key``."""
        with self._lock:
            began, marks = self._searches.get(search, (0.0, []))
            if time.monotonic() - began > SECONDS:
                self._searches.pop(search, None)
                return 0, None
            place = bisect_right(marks, offset, key=lambda mark: mark[0])
            return marks[place - 1] if place else (0, None)

    def put(self, search: Hashable, place: int, key: Key) -> None:
        """Remember that a page ended with ``key``, in front of the result at ``place``."""
        with self._lock:
            now = time.monotonic()
            began, marks = self._searches.pop(search, (now, []))
            if now - began > SECONDS:
                began, marks = now, []
            if all(mark[0] != place for mark in marks):
                insort(marks, (place, key))
            del marks[:-MOST_MARKS]
            self._searches[search] = began, marks
            while len(self._searches) > MOST_SEARCHES:
                self._searches.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._searches.clear()
