"""Pages on which departments file their month."""
