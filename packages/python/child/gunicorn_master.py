"""The program that the arbiter starts for a WSGI application: `python3 gunicorn_child.py`."""

# Only then: multiprocessing imports this file again in its own children.
if __name__ == "__main__":
    import sys

    from gunicorn_ts.boot import main

    # The folder of this file is not where an application's imports are looked for.
    del sys.path[0]
    main()
