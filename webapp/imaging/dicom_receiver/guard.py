"""Limits on connections: how many, from where, and how much one may send before anything is checked.

pynetdicom reads a PDU of whatever length its sender claims, and collects a message until it ends. Both
happen before an AE title is looked at, so the bounds are put on the socket itself.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import SHUT_RDWR
from typing import Any

from pynetdicom.events import Event

logger = logging.getLogger(__name__)
MOST_PDU_BYTES = 1 << 20  # a P-DATA PDU is at most what we announce; an association request some kilobytes
MOST_COMMAND_BYTES = 1 << 16


@dataclass
class Guard:
    """Watches every connection of one receiver. ``addresses`` is ``None`` where any may connect."""

    most_connections: int
    most_message_bytes: int
    addresses: frozenset[str] | None
    _known: set[Any] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def opened(self, event: Any) -> None:
        """A connection: bounded from its first byte, or closed."""
        association: Any = event.assoc
        with self._lock:
            self._forget_ended()
            crowded = len(self._known) >= self.most_connections
            if not crowded:
                self._known.add(association)
        address = str(event.address[0])
        stranger = self.addresses is not None and address not in self.addresses
        socket: Any = association.dul.socket
        plain_recv = socket.recv

        def recv(length: int) -> bytearray:
            if length > MOST_PDU_BYTES:
                raise OSError("PDU too long")
            return bytearray(plain_recv(length))

        socket.recv = recv
        association.received_bytes = association.command_bytes = 0
        if crowded or stranger:
            reason = "not a known address" if stranger else "too many"
            logger.warning("connection from %s refused: %s", address, reason)
            with suppress(OSError):  # pynetdicom's thread sees the end and lets go of the rest
                socket.socket.shutdown(SHUT_RDWR)

    def data(self, event: Event) -> None:
        """Bytes of a PDU; a message without end ends the association."""
        association: Any = event.assoc
        association.received_bytes += len(event.data)
        if association.received_bytes > self.most_message_bytes:
            logger.warning(
                "association with %s aborted: an instance is larger than is accepted", _title(association)
            )
            association.received_bytes = 0
            association.abort()

    def pdu(self, event: Event) -> None:
        """Command sets are small; they are collected in memory, so one without end ends the association."""
        association: Any = event.assoc
        for item in getattr(event.pdu, "presentation_data_value_items", ()):
            value = item.presentation_data_value
            if value and value[0] & 1:
                association.command_bytes += len(value)
            if association.command_bytes > MOST_COMMAND_BYTES:
                association.command_bytes = 0
                association.abort()

    def ended(self, event: Event) -> None:
        """An instance that stopped half-way leaves no file behind."""
        _remove_half(event.assoc)

    def _forget_ended(self) -> None:
        """By their threads: not every way in which a connection ends is an event of pynetdicom's."""
        for association in [one for one in self._known if one.ident is not None and not one.is_alive()]:
            _remove_half(association)
            self._known.discard(association)

    def message_done(self, event: Any) -> None:
        """A whole message has arrived: the next one has its own budget."""
        event.assoc.received_bytes = event.assoc.command_bytes = 0


def _title(association: Any) -> str:
    return str(association.requestor.ae_title or "?")


def _remove_half(association: Any) -> None:
    """The file of an instance that stopped half-way: nobody else would remove it."""
    message = getattr(association.dimse, "message", None)
    path = getattr(message, "_data_set_path", None)
    if isinstance(path, Path):
        with suppress(OSError):
            path.unlink()
