"""Numbered snapshots of all tables that never change: what a paper cites."""
