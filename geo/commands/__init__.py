"""The commands that are too large for geo/__main__.py, and what every command shares.

console      how the command line is called in Swedish, how issues are printed
processes    long work on many things, on every core
statistics   statistics import | fetch | list | undo
welfare      statistics show · demo
walks        walks form | import | route | undo | show
report       report · annual-report
keeping      backup · restore · upgrade · export
"""
