raise RuntimeError("import broken on purpose")
