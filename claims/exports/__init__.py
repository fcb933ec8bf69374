"""Tables of what is kept here, in files that other programs read.

`writing` writes any table (`tables`) in any format (`formats`), narrowed by a filter as an address
has it, in constant memory.
"""
