"""What is to do, in PostgreSQL: visits for scrapers on any machine, what they give back, whose turn it is at a host.

Documents are bytes here; what is in them is known to `feeds/app/jobs/queue`. procrastinate hands the work out. All of
it lies in two schemas of its own, and can be emptied at any time: what is due stands in the store.
"""
