"""Reads an official document into a draft plan. Pure Python: no database, no network, no machine learning."""
