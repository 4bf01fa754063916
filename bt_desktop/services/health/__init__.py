"""The health office: orders, doses, stock, the board, the MAR, delegation, visits.

What is kept of a student here is sealed with that student's own key (`keys`, `box`); everything is
only ever added, and what is shown is worked out from the entries.
"""
