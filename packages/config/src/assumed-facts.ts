import { dirname } from 'node:path';
import type { Settings } from '@gunicorn-ts/interface';
import { unixSockets, writtenFiles, type Facts, type PathFact } from './facts.ts';

const FOLDER: PathFact = { kind: 'folder', readable: true, writable: true };
const FILE: PathFact = { kind: 'file', readable: true, writable: true };

/** A machine that has everything that the settings name: for settings that will be used on another one, or later. */
export function assumeFacts(settings: Readonly<Settings>): Facts {
  const { certfile, keyfile, caCerts, workerTmpDir, user, group } = settings;
  const written = writtenFiles(settings).map(({ path }) => path);
  const folders = [workerTmpDir, ...[...written, ...unixSockets(settings)].map((path) => dirname(path))];
  const files = [certfile, keyfile, caCerts, ...settings.reloadExtraFiles, ...written];
  const entries = [
    ...files.map((path) => [path ?? '', FILE] as const),
    ...folders.map((path) => [path ?? '', FOLDER] as const),
  ];
  const uid = typeof user === 'number' ? user : 1;
  const account = { name: String(user), uid, gid: typeof group === 'number' ? group : uid };
  return {
    platform: process.platform,
    paths: new Map(entries),
    identity: {
      uid: 0,
      gid: 0,
      user: user === undefined ? undefined : account,
      group: typeof group === 'string' ? account.gid : group,
    },
    tlsMistake: undefined,
    heldSockets: new Set(),
  };
}
