"""The program that the arbiter starts for a WSGI application: `python3 gunicorn_master.py`."""

# Only then: multiprocessing imports this file again in its own children.
if __name__ == "__main__":
    import os
    import sys

    # The folder of this file is not where an application's imports are looked for. Python puts it there itself, unless
    # it was told not to (PYTHONSAFEPATH); for our own import it goes first, since pip installs a package of that name.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

    from gunicorn_ts.boot import main

    del sys.path[0]
    main()
