"""Ukrainian."""

# Drawings and addresses need the point; readers are shown whole numbers only.
DECIMAL_SEPARATOR = "."
