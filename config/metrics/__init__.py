"""Metrics in Prometheus' form, at /metrics, for whoever knows CLAIMS_METRICS_TOKEN.

Two kinds. What stands in the database and the cache (queues, feeds, workers: `state`) is asked
for when it is scraped, and any process answers the same. Requests are counted by the process that
answers them (`counting`): a web server's processes write their counts into files of a folder that
they share, and whichever is scraped adds them up.
"""
