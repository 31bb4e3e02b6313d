import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { isRunning } from '@gunicorn-ts/posix';
import { manyServers, noControlSocket, noRight, noServer, serverElsewhere } from '../errors.ts';
import { pidOfSocket } from '../folders.ts';
import { candidates } from './candidates.ts';
import { Session } from './session.ts';
import { greet, type Greeted } from './successor.ts';

/** How the operator names a server. */
export interface Wanted {
  readonly socket?: string | undefined;
  /** A pid file or a process id. */
  readonly pid?: string | undefined;
  /** A configuration file. */
  readonly config?: string | undefined;
}

/** What a configuration file says of where its server is to be found. */
export interface ConfiguredPlace {
  readonly controlSocket: string | undefined;
  readonly pidfile: string | undefined;
  readonly folder: string;
}

/** Where the command runs. */
export interface Surroundings {
  readonly cwd: string;
  /** The server is to end: one of another folder is not meant by whoever does not name it. */
  readonly isEnd?: boolean | undefined;
  readonly env: NodeJS.ProcessEnv;
  /** Reads the configuration file of a folder, or the one named; `undefined` when there is none. */
  readConfig(file: string | undefined): Promise<ConfiguredPlace | undefined>;
}

/**
 * The server that is meant: by its socket, by its pid file, by the configuration in this folder, or the only one.
 * @throws OperatorError that says who could be meant, or why nobody is there
 */
export async function findServer(wanted: Wanted, around: Surroundings): Promise<Greeted> {
  if (wanted.socket !== undefined) return greet(await Session.open(resolve(around.cwd, wanted.socket)));
  if (wanted.pid !== undefined) return byPid(readPid(wanted.pid, around.cwd), around.env);
  const servers = wanted.config === undefined ? await answering(around.env) : undefined;
  const here = servers?.found.filter(({ greeting }) => isSame(greeting.folder, around.cwd)) ?? [];
  if (here.length === 1) return only(here[0]!, servers?.found);
  const configured = await byConfiguration(wanted.config, around, servers);
  if (configured !== undefined) return configured;
  if (wanted.config !== undefined)
    throw noServer(`no running server was found that belongs to ${wanted.config}`);
  return theOnlyOne(servers!, around);
}

interface Answering {
  readonly found: readonly Greeted[];
  /** Sockets that did not let us in, or did not answer. */
  readonly closed: readonly string[];
}

async function answering(env: NodeJS.ProcessEnv): Promise<Answering> {
  const closed: string[] = [];
  const tried = await Promise.all(
    candidates(env).map(async (path) => {
      try {
        return await greet(await Session.open(path));
      } catch (error) {
        if ((error as { code?: string }).code !== 'ERR_NO_SERVER') closed.push(path);
        return undefined;
      }
    }),
  );
  const all = tried.filter((one) => one !== undefined);
  // Of the two arbiters of an upgrade the first is in charge, until it leaves.
  const pids = new Set(all.map(({ greeting }) => greeting.pid));
  const found = all.filter(
    ({ greeting }) => greeting.parentPid === undefined || !pids.has(greeting.parentPid),
  );
  for (const one of all) if (!found.includes(one)) one.session.close();
  return { found, closed };
}

function only(chosen: Greeted, all: readonly Greeted[] = []): Greeted {
  for (const one of all) if (one !== chosen) one.session.close();
  return chosen;
}

/** @throws OperatorError `ERR_NO_SERVER`, `ERR_NO_RIGHT`, `ERR_MANY_SERVERS`, `ERR_SERVER_ELSEWHERE` */
export function theOnlyOne(
  { found, closed }: Answering,
  { cwd, isEnd = false }: Pick<Surroundings, 'cwd' | 'isEnd'>,
): Greeted {
  const [first, ...more] = found;
  if (first !== undefined && more.length === 0) {
    if (!isEnd || isSame(first.greeting.folder, cwd)) return first;
    first.session.close();
    throw serverElsewhere(first.greeting);
  }
  if (first === undefined) {
    if (closed.length > 0) throw noRight(closed.join(', '));
    throw noServer(
      `no running server was found; name one with -p PIDFILE or --control-socket PATH (looked from ${cwd})`,
    );
  }
  for (const one of found) one.session.close();
  throw manyServers(
    found.map(({ greeting: { pid, name, folder } }) => `-p ${pid}  ${name}  in ${folder}`).toSorted(),
  );
}

async function byConfiguration(
  file: string | undefined,
  around: Surroundings,
  servers: Answering | undefined,
): Promise<Greeted | undefined> {
  const place = await around.readConfig(file);
  if (place?.controlSocket !== undefined) return greet(await Session.open(place.controlSocket));
  if (place?.pidfile !== undefined && existsSync(place.pidfile))
    return byPid(readPid(place.pidfile, around.cwd), around.env);
  if (place === undefined) return undefined;
  const { found } = servers ?? (await answering(around.env));
  const here = found.filter(({ greeting }) => isSame(greeting.folder, place.folder));
  return here.length === 1 ? only(here[0]!, found) : undefined;
}

/** A server tells the folder by the name that its operator typed, which may be a link's. */
function isSame(folder: string, other: string): boolean {
  try {
    return realpathSync(folder) === realpathSync(other);
  } catch {
    return folder === other;
  }
}

function readPid(word: string, cwd: string): { readonly pid: number; readonly from: string } {
  // As systemd writes the id of a main process that has ended.
  if (word === '') throw noServer('-p names no process: the server has ended');
  if (/^\d+$/.test(word) && !existsSync(resolve(cwd, word))) return { pid: Number(word), from: '-p' };
  const file = resolve(cwd, word);
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw noServer(
        `there is no pid file ${file}: the server does not run, or was started with another --pid`,
      );
    throw noControlSocket(`${file} cannot be read (${code ?? String(error)})`);
  }
  if (/^\d+$/.test(text)) return { pid: Number(text), from: file };
  throw noServer(`${file} holds no process id`);
}

async function byPid(
  { pid, from }: { readonly pid: number; readonly from: string },
  env: NodeJS.ProcessEnv,
): Promise<Greeted> {
  const [path] = candidates(env).filter((one) => pidOfSocket(one) === pid);
  if (path !== undefined) return greet(await Session.open(path));
  const origin = from === '-p' ? '' : ` (${from})`;
  if (!isRunning(pid)) throw noServer(`process ${pid}${origin} does not run`);
  throw Object.assign(
    noControlSocket(
      `process ${pid}${origin} has no control socket that can be found here; name it with --control-socket PATH`,
    ),
    { pid },
  );
}
