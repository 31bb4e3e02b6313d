#!/usr/bin/env node
// Package managers link a command only when its file exists at install time, and dist/ does not exist then in a
// fresh clone: this file is committed and leads to the built one.
const OLDEST = [22, 20];
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  process.stderr.write(
    `gunicorn: needs Node.js ${OLDEST.join('.')} or newer, and this is ${process.versions.node} (${process.execPath})\n`,
  );
  process.exitCode = 1;
} else {
  // An import of node:fs makes an ES module of it, which loads its streams as well.
  const { existsSync } = process.getBuiltinModule('node:fs');
  if (existsSync(new URL('../dist/bin.js', import.meta.url))) {
    await import('../dist/bin.js');
  } else {
    process.stderr.write('gunicorn: not built yet; run `pnpm build` at the root of the repository\n');
    process.exitCode = 1;
  }
}
