"""Who may send by C-STORE: ``DICOM_AE_PEERS="US1=A, US2=B/modality@192.0.2.17"``.

Each entry is ``AET=SITE[/ACCOUNT][@ADDRESS]``: the calling AE title, the code of the site that its patients
belong to, the user in whose name it sends (else *system*), and the only address it may come from. AE titles
are no secret and anybody can claim one, so give the address wherever it does not change.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

_ENTRY = re.compile(
    r"(?P<title>[^=]+)=(?P<site>[-\w]+)(?:/(?P<account>[-\w.+]+))?(?:@(?P<address>[0-9a-fA-F.:]+))?"
)
_TITLE = re.compile(r"[ -\[\]-~]{1,16}")  # PS3.5 6.2: VR AE, no backslash, no control characters


@dataclass(frozen=True)
class DicomPeer:
    """One calling AE title and what is known of it."""

    title: str
    site: str
    account: str = ""
    address: str = ""


def parse_peers(text: str) -> tuple[list[DicomPeer], list[str]]:
    """The peers and, for a person, what is wrong with the others.

    >>> parse_peers("US1=A, US 2=B/scanner@192.0.2.17")[0][1]
    DicomPeer(title='US 2', site='B', account='scanner', address='192.0.2.17')
    """
    peers: list[DicomPeer] = []
    complaints: list[str] = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        match = _ENTRY.fullmatch(entry)
        if match is None:
            complaints.append(
                f"DICOM_AE_PEERS: {entry!r} must be AET=SITE, AET=SITE/ACCOUNT or AET=SITE@ADDRESS."
            )
            continue
        peer = DicomPeer(
            match["title"].strip(), match["site"], match["account"] or "", match["address"] or ""
        )
        if not _TITLE.fullmatch(peer.title):
            complaints.append(f"DICOM_AE_PEERS: {peer.title!r} is not an AE title of 1 to 16 characters.")
        elif any(peer.title == known.title for known in peers):
            complaints.append(f"DICOM_AE_PEERS: {peer.title!r} stands there twice.")
        elif peer.address and not _is_address(peer.address):
            complaints.append(f"DICOM_AE_PEERS: {peer.address!r} is not an IP address.")
        else:
            peers.append(peer)
    return peers, complaints


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
