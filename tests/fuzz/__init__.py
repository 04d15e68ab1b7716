"""Files made to hurt, by the million: ``python -m tests.fuzz --minutes 15``.

The same mutations, a fixed number of them, are a test (``tests/webapp/imaging/test_fuzz.py``).
"""
