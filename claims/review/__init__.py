"""What editors do with claims: the queue, decisions of all readers, corrections in the text, and
what reviewing comes to."""
