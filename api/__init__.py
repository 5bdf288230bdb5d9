"""REST interface `/api/v1/`: translates HTTP into the same querysets and services the pages use, decides nothing."""
