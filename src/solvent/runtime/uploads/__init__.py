"""Files that others send: judged by what they hold before anything reads them."""
