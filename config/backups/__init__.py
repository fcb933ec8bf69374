"""Backups: the database, what was received, and the files of releases, in one folder with a
manifest that says what it must hold. docs/backup.md says how to use them."""
