"""The pages. What they show is gathered in `claims.pages`."""
