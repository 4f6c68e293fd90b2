"""Readiness: what Solvent claims of itself, proved on a live installation.

``claims`` holds the claims as data, one file for each area, and ``catalogue`` reads them. ``domain``
says what a claim, an outcome and a report are and how a report is scored. ``bench`` is what probes
work with, ``people`` the disposable people on it, ``installation`` the inside of what is certified.
``records`` reads what people wrote: waivers and attestations. ``operations`` certifies and checks a
report; ``document``, ``seal``, ``page`` and ``prose`` are the report as data, its signature, and its
two forms for reading. ``probes`` proves what belongs to no slice: the edge, settings, secrets.
"""
