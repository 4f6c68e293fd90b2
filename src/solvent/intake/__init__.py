"""Intake: files become source items, source items become matched transactions.

``formats/`` holds one reader per file behind one Protocol (:mod:`solvent.intake.formats.reading`).
"""
