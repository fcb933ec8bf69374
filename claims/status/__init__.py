"""What follows from a town's claims: its status over time, by rule set v1.

Pure: no database, no framework, no clock. `engine.derive` is the way in. In the order of
the reading: `days` (when a claim counts), `words` (what it says), `standing` (whose word
stands, and since when), `concessions` and `rules` (what follows), `bands` (over time).
"""
