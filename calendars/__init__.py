"""The one clock and the Chinese working days."""
