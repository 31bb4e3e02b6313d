import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hello } from '../applications.ts';
import { NotInstalled, type Peer } from '../peer.ts';
import { gunicornTs } from './gunicorn-ts.ts';

/** Names another checkout of this repository, installed and built. */
const VARIABLE = 'BENCH_BEFORE';

/** @throws {NotInstalled} when there is no such checkout */
function home(): string {
  const checkout = process.env[VARIABLE];
  if (checkout === undefined) {
    throw new NotInstalled(`${VARIABLE} names no earlier checkout of this repository to compare with`);
  }
  const folder = join(checkout, 'packages', 'gunicorn');
  if (!existsSync(join(folder, 'dist', 'bin.js'))) {
    throw new NotInstalled(
      `${VARIABLE}: there is no built command in ${folder}; run \`pnpm build\` in ${checkout}`,
    );
  }
  return folder;
}

/** The server as it was: what a change has made of boot and memory is seen beside it. */
export const eventBefore: Peer = gunicornTs({
  name: 'event-before',
  title: 'gunicorn-ts event, before',
  workerClass: 'event',
  application: hello.node,
  home,
});

export const syncBefore: Peer = gunicornTs({
  name: 'sync-before',
  title: 'gunicorn-ts sync, before',
  workerClass: 'sync',
  application: hello.wsgi,
  flags: () => ['--application-kind=wsgi'],
  home,
});
