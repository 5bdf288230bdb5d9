"""Tamper-evident trail of every change, sign-in, refusal and download."""
