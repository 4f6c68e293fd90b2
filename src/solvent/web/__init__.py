"""The pages that people see, rendered on the server.

- ``rendering.py``: one way from a template and its context to HTML, in the reader's language
- ``formats.py``: amounts, days and shares as the reader's locale writes them
- ``templates/``: ``layout/`` (the frame), ``components/`` (macros), ``pages/`` (one per place; each
  says its context at its top)
- ``locale/``: gettext catalogues, one folder per language; a new language is a new folder
- ``static/dist/``: styles and islands, built from ``frontend/``; not kept in the repository
"""
