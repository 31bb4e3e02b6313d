"""Says in TypeScript what a gunicorn.conf.py computes, as JSON: `python3 translate_conf.py PATH`."""

if __name__ == "__main__":
    import os
    import sys

    # The folder of this file is not where the imports of a configuration are looked for: see gunicorn_master.py.
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

    from gunicorn_ts.translate import main

    del sys.path[0]
    main(sys.argv[1:])
