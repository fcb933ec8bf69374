"""Webhooks: partners are told of changes in the order of the feed, signed, until they have them."""
