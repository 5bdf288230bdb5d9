"""Gathers one month, freezes it, lays it out as a workbook."""
