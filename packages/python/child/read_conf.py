"""Runs a gunicorn.conf.py and prints what it sets, as JSON: `python3 read_conf.py PATH | python:MODULE`."""

# The folder of this file is not where the imports of a configuration are looked for.
if __name__ == "__main__":
    import sys

    from gunicorn_ts.read_conf import main

    del sys.path[0]
    main(sys.argv[1:])
