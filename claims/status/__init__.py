"""What follows from a town's claims: its status over time, by a rule set.

Pure: no database, no framework, no clock. `engine.derive` is the way in. In the order of
the reading: `rule_sets` (v1, and variants to compare with), `days` (when a claim counts),
`words` (what it says), `standing` (whose word stands, and since when), `concessions` and
`rules` (what follows), `bands` (over time).
"""
