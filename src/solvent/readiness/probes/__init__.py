"""Probes of what belongs to no slice, one module for each area of claims."""
