#!/usr/bin/env node
// Committed, since package managers link a command only when its file exists at install time.
import { main } from '../dist/index.js';

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  isTerminal: process.stdin.isTTY === true && process.stdout.isTTY === true,
});
