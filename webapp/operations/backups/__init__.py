"""Backups: the whole house in a folder, and back again (``manage.py backup | restore | verify``).

A backup folder holds ``objects/`` (every file and every table, named by its SHA-256, stored once) and
``snapshots/NAME.json``, a manifest per backup that says which object is which. The keys lie elsewhere:
they turn pseudonyms back into links and decrypt second factors, so whoever has the one must not
automatically have the other.
"""
