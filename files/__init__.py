"""Attachments and their checks, and the safe way of user text into workbook and CSV cells. Knows no domain."""
