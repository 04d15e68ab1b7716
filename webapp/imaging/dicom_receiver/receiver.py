"""The storage SCP: who is let in, and what each instance is answered."""

from __future__ import annotations

import logging
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connections
from django.db.backends.signals import connection_created
from pydicom.dataset import Dataset
from pynetdicom import AE, _config, evt
from pynetdicom.events import Event
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from ml.dicom import Limits
from ml.dicom.limits import SOP_CLASSES, TRANSFER_SYNTAXES
from ml.spec import HepaStageError
from webapp import spool
from webapp.accounts.models import Site, User
from webapp.audit import services as audit
from webapp.dicom_peers import DicomPeer
from webapp.imaging import services
from webapp.imaging.dicom_receiver.guard import Guard
from webapp.imaging.dicomweb.answers import OUT_OF_RESOURCES, store_status
from webapp.imaging.models import Upload, UploadFile, UploadSource
from webapp.imaging.outcomes import Outcome
from webapp.jobs.tallies import Carrier

logger = logging.getLogger(__name__)
PDU_BYTES = 128 * 1024  # announced; the default of 16 kB makes a colour clip thousands of turns
MOST_INSTANCES = 20_000  # of one association
IDLE_SECONDS = 60
STOP_SECONDS = 15


class ReceiverRefused(HepaStageError):
    """The settings of the receiver name something that does not exist."""

    code = "receiver-refused"
    remedy = "Correct DICOM_AE_PEERS (docs/operator.md) and start again."


@dataclass(frozen=True)
class Sender:
    """A peer with its rows."""

    peer: DicomPeer
    site: Site
    account: User | None


@dataclass
class Session:
    """What one association has sent so far."""

    sender: Sender
    address: str
    upload: Upload | None = None
    instances: int = 0


class Receiver:
    """Listens from :meth:`start` to :meth:`stop`; each association is a thread of pynetdicom's."""

    def __init__(self, *, title: str, peers: list[DicomPeer], associations: int) -> None:
        self._senders = {peer.title: sender_of(peer) for peer in peers}
        self._sessions: dict[Any, Session] = {}
        self._lock = threading.Lock()
        self._entity = AE(ae_title=title)
        self._associations = associations
        # The limits are ours (_requested, Guard): pynetdicom counts connections that have said nothing yet,
        # so that strangers would use up the places of our peers.
        self._entity.maximum_associations = 100_000
        self._entity.maximum_pdu_size = PDU_BYTES
        self._entity.require_called_aet = True
        self._entity.require_calling_aet = list(self._senders)
        self._entity.acse_timeout, self._entity.dimse_timeout = 5, 30
        self._entity.network_timeout = IDLE_SECONDS
        self._entity.add_supported_context(Verification)
        for sop_class in sorted(SOP_CLASSES):
            self._entity.add_supported_context(sop_class, list(TRANSFER_SYNTAXES))
        addresses = frozenset(peer.address for peer in peers if peer.address)
        self._guard = Guard(
            most_connections=2 * associations + 4,
            most_message_bytes=Limits().max_bytes + (1 << 20),
            addresses=addresses if all(peer.address for peer in peers) else None,
        )
        self._server: Any = None

    def start(self, address: str, port: int) -> int:
        """Listen; return the port (of ``port=0``: the one that was free)."""
        _config.STORE_RECV_CHUNKED_DATASET = True  # to a file, a PDU in memory at a time
        _config.LOG_HANDLER_LEVEL = "none"  # its lines name instances by their original UIDs
        logging.getLogger("pynetdicom").setLevel(logging.CRITICAL)
        handlers: list[Any] = [
            (evt.EVT_CONN_OPEN, self._guard.opened),
            (evt.EVT_DATA_RECV, self._guard.data),
            (evt.EVT_PDU_RECV, self._guard.pdu),
            (evt.EVT_REQUESTED, self._requested),
            (evt.EVT_REJECTED, self._rejected),
            (evt.EVT_C_ECHO, self._echo),
            (evt.EVT_C_STORE, self._store),
            *((event, self._ended) for event in (evt.EVT_RELEASED, evt.EVT_ABORTED, evt.EVT_CONN_CLOSE)),
        ]
        self._server = self._entity.start_server((address, port), block=False, evt_handlers=handlers)
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Take no more associations, let those under way finish for a while, then end them."""
        self._server.shutdown()
        give_up_at = time.monotonic() + STOP_SECONDS
        while self._entity.active_associations and time.monotonic() < give_up_at:
            time.sleep(0.1)
        for association in self._entity.active_associations:
            association.abort()

    def _requested(self, event: Event) -> None:
        """Refuse a title that comes from elsewhere than its machine; unknown ones pynetdicom refuses."""
        title, address = _calling(event), str(event.assoc.requestor.address)
        sender = self._senders.get(title)
        if sender is None:
            return
        if sender.peer.address and sender.peer.address != address:
            logger.warning("%s comes from %s, which is not its address", title, address)
            _reject(event, 0x01, 0x01, 0x03)  # permanent; service user; calling AE title not recognised
            return
        with self._lock:
            full = len(self._sessions) >= self._associations
            if not full:
                self._sessions[event.assoc] = Session(sender, address)
        if full:
            logger.warning("%s has to wait: %d associations are open", title, self._associations)
            _reject(event, 0x02, 0x03, 0x02)  # transient; service provider; local limit exceeded

    def _rejected(self, event: Event) -> None:
        title, address = _calling(event), event.assoc.requestor.address
        # A title that is not on the list is text of a stranger, and may be somebody's name.
        shown = repr(title) if title in self._senders else f"an unknown title of {len(title)} letters"
        logger.warning("association of %s from %s refused", shown, address)
        self._ended(event)

    def _ended(self, event: Event) -> None:
        self._guard.ended(event)
        with self._lock:
            session = self._sessions.pop(event.assoc, None)
        if session is not None and session.instances:
            logger.info("%s sent %d instances", session.sender.peer.title, session.instances)

    def _echo(self, event: Event) -> int:
        self._guard.message_done(event)
        return 0x0000

    def _store(self, event: Event) -> Dataset:
        """One instance: answered when it is safe, or with why it is not taken."""
        self._guard.message_done(event)
        session = self._sessions.get(event.assoc)
        if session is None:
            return _status(OUT_OF_RESOURCES, "no association")
        if session.instances >= MOST_INSTANCES:
            return _status(OUT_OF_RESOURCES, "too many instances; open another association")
        session.instances += 1
        try:
            row = self._take(session, event.dataset_path)
        except HepaStageError as error:  # of the installation, not of the file: worth sending again
            return _status(OUT_OF_RESOURCES, f"{error.code}: {error.message}")
        except Exception as error:  # the database, the disk; its message may quote the file
            logger.error(
                "an instance of %s was not taken: %s", session.sender.peer.title, type(error).__name__
            )
            return _status(OUT_OF_RESOURCES, "not stored, send again")
        finally:
            connections.close_all()
        if row.outcome == Outcome.QUARANTINED:
            logger.warning("an instance of %s is in quarantine: %s", session.sender.peer.title, row.code)
        comment = "" if row.outcome != Outcome.REFUSED else f"{row.code}: {row.message}"
        return _status(store_status(row), comment)

    def _take(self, session: Session, path: Path) -> UploadFile:
        sender = session.sender
        if session.upload is None:
            session.upload = services.start_upload(
                site=sender.site, actor=sender.account, source=UploadSource.C_STORE
            )
            audit.record(
                actor=sender.account,
                action="upload.peer",
                object=session.upload,
                site=sender.site,
                detail={"calling": sender.peer.title, "address": session.address},
            )
        name = f"{session.instances}.dcm"
        return services.ingest_instance(upload=session.upload, name=name, path=path, actor=sender.account)


def sender_of(peer: DicomPeer) -> Sender:
    """The rows that a peer's entry names, or :class:`ReceiverRefused`."""
    site = Site.objects.filter(code=peer.site).first()
    if site is None:
        raise ReceiverRefused(f"{peer.title}: there is no site with the code {peer.site}.")
    if not peer.account:
        return Sender(peer, site, None)
    account = User.objects.filter(username=peer.account, is_active=True).first()
    if account is None:
        raise ReceiverRefused(f"{peer.title}: there is no active user {peer.account}.")
    if not account.may("uploads", "files") or not (
        account.is_administrator or account.sites.filter(pk=site.pk).exists()
    ):
        raise ReceiverRefused(f"{peer.title}: {peer.account} may not send files for the site {peer.site}.")
    return Sender(peer, site, account)


def commit_for_good() -> None:
    """Have SQLite sync every commit of this process: an answered instance must survive a power cut.

    PostgreSQL does by default. The site's own processes sync at checkpoints only, which a browser's user,
    who still has the file, can bear and a machine that deletes what was answered cannot.
    """
    connections.close_all()
    connection_created.connect(_sync_every_commit, dispatch_uid="dicom_receiver")


def _sync_every_commit(sender: Any, connection: Any, **_: Any) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def serve(receiver: Receiver, *, address: str, port: int, stopping: threading.Event) -> None:
    """Listen until ``stopping``; say on ``/healthz`` that it does, by the age of a file."""
    beat, carrier = heartbeat(), Carrier()
    with spool.temporary_folder("c-store") as folder:
        tempfile.tempdir = str(folder)  # where pynetdicom writes what arrives; locked as long as we live
        receiver.start(address, port)
        try:
            while True:
                beat.touch()
                carrier.carry()
                close_old_connections()
                if stopping.wait(2):
                    break
        finally:
            receiver.stop()
            beat.unlink(missing_ok=True)
            tempfile.tempdir = None


def heartbeat() -> Path:
    """Touched every two seconds while the receiver listens."""
    folder = Path(settings.HOME) / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "dicom_receiver.beat"


def _calling(event: Event) -> str:
    """The calling AE title as requested; pynetdicom takes it over only after its own checks."""
    return str(getattr(event.assoc.requestor.primitive, "calling_ae_title", "")).strip()


def _reject(event: Event, result: int, source: int, reason: int) -> None:
    """A-ASSOCIATE-RJ (PS3.8 9.3.4)."""
    event.assoc.acse.send_reject(result, source, reason)
    event.assoc.kill()  # waits until the answer is out


def _status(code: int, comment: str = "") -> Dataset:
    answer = Dataset()
    answer.Status = code
    if comment:
        answer.ErrorComment = comment[:64]  # VR LO
    return answer
