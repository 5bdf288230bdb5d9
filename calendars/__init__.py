"""The one clock of the product, the months, and the Chinese working days with their make-up days."""
