"""The door: what every request passes before the framework sees it, in pure ASGI.

``outermost`` goes through it in order. ``envelope`` reads a request's headers once; ``hosts`` knows
which names are ours; ``headers`` are those that every answer carries.
"""
