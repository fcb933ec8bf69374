"""Writers that make trouble, copies that are killed, and the comparison at the end."""
