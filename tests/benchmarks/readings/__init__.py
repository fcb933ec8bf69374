"""What is compared with what readers wait for."""
