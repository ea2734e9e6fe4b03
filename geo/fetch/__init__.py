"""Fetches open statistics and freezes them to files: SCB (PxWeb API v2) and Kolada (v3).

    http       a polite client: call limit, patience with faults, strict about answers
    jsonstat   json-stat2 -> codes and cells
    register   data/scb_tables.csv and data/kolada_kpis.csv: what is asked for, as data
    kept       answers of an unfinished fetch, so that it goes on where it stopped
    frozen     a frame -> a CSV and the account of how it was fetched
    scb, kolada   the two services

Only these modules speak with the network, and only when somebody calls them.
"""
