"""Attachments, upload checks, safe workbook, csv and docx cells and readers; knows no domain."""
