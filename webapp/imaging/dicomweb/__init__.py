"""DICOMweb (PS3.18) under ``/dicomweb/``: STOW-RS in, QIDO-RS and WADO-RS out.

What comes in goes through :func:`webapp.imaging.services.ingest_file` like every other file. What goes
out is the stored, de-identified object: pseudonym for name and number, keyed UIDs, moved dates, grey
pixels of the ultrasound regions. Only released images of the user's own sites exist here; everything
else is 404. Supported and not supported: ``docs/intake.md``.
"""
