"""The door: what every request passes before the framework sees it, in pure ASGI.

``outermost`` goes through it in order. ``envelope`` reads a request's headers once; ``hosts`` knows
which names are ours; ``headers`` are those that every answer carries; ``crossorigin`` judges pages of
other origins. ``rates`` says how often, counted in ``windows`` that ``sharing`` keeps in Redis, and
lifted by ``passes``; ``bodies`` are bounded in size, time and meaning. ``refusals`` are what the door
says no with.
"""
