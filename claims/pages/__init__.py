"""What each page shows, gathered and put into words; `claims.views` answers requests with it."""
