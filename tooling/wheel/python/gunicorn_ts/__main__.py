"""`python -m gunicorn_ts`: the command of this environment, wherever its `bin` folder is."""

from .launcher import main

main([])
