"""The demonstration household: three years of two people's money, as the bank files they would get.

``people`` are the two and their six accounts, ``shops`` where they spend, ``bills`` what falls due,
``trips`` where they go in summer; ``days`` counts as banks count. ``life`` lives it day by day from
a seed, ``ofx_file`` and ``csv_file`` write what the banks would send, ``files`` is the way in.
Every name is made up. Nothing is put into books here: the files are imported as anyone's are.
"""
