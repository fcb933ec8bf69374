"""How the installation does: its queues, what is stuck or failed, its workers, its size."""
