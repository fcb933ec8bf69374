"""Who may do what: roles, those who give them, and the rights of the database's roles."""
