"""A signed report in the forms that others read: PDF, DICOM SR and SEG, FHIR.

Every form is made from the signed content and the files that it pins by hash, and from nothing else, so the
same report gives the same bytes. Heavy libraries are imported where a form is made.
"""
