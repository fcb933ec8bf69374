"""The geometry of a town's timeline: days, bands, lanes and marks as numbers, without Django.

Across, everything is a percentage of the plot's width, so that one drawing fits every screen
while its marks and letters keep their size; down, everything is in pixels.
"""
