"""Says in TypeScript what a gunicorn.conf.py computes, as JSON: `python3 translate_conf.py PATH`."""

# The folder of this file is not where the imports of a configuration are looked for.
if __name__ == "__main__":
    import sys

    from gunicorn_ts.translate import main

    del sys.path[0]
    main(sys.argv[1:])
