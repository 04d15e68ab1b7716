"""C-STORE: ultrasound machines and archives send here (``manage.py dicom_receiver``, a process of its own).

Off unless ``DICOM_AE_PEERS`` names who may send. Each instance goes through the one hallway before its
sender is answered, so success means: the file is synced and its row committed.
"""
