import { setTimeout as delay } from 'node:timers/promises';
import { refused } from '../../errors.ts';
import type { ServerStatus } from '../../status.ts';
import { printJson } from '../output.ts';
import type { Session } from '../session.ts';
import { openSuccessor } from '../successor.ts';
import type { Verb, VerbArguments, VerbContext } from '../verb.ts';
import { isWell } from './status.ts';

const LOOK_MS = 100;
const DEFAULT_SECONDS = 120;
const PROMOTED_LOOKS = 100;

/** `gunicorn upgrade`. */
export const upgrade: Verb = {
  options: [
    { name: 'keep', describe: 'Let both serve: stop one of them yourself, with gunicorn stop -p PID' },
    { name: 'rollback', describe: 'Stop the second server of an upgrade that was begun with --keep or USR2' },
  ],
  more: 'The second server has the listeners of the first. When its workers are ready the first one is stopped; when it does not come up, the first one serves on.',
  exits: {
    0: 'the new server serves alone',
    1: 'it does not, and the old one serves on; the reason is printed',
  },
  async run(given, context) {
    if (given.options['rollback'] === true) return rollBack(given, context);
    const { session, greeting, io } = context;
    const tell = (text: string): unknown => (given.isJson ? undefined : io.stderr.write(`  ${text}\n`));
    const seconds = given.seconds === 0 ? DEFAULT_SECONDS : given.seconds;
    const { pid } = await session.undertake('upgrade', {}, { seconds, onProgress: tell });
    tell(`process ${String(pid)} starts on the listeners of ${greeting.pid}`);
    const second = await whenReady(Number(pid), context, seconds);
    if (given.options['keep'] === true) {
      finish(
        given,
        context,
        { pid, older: greeting.pid },
        `Process ${String(pid)} serves beside ${greeting.pid}`,
      );
      return 0;
    }
    tell(`process ${String(pid)} serves; ${greeting.pid} finishes what it has`);
    await session.undertake('stop', {}, { seconds: 0, onProgress: tell });
    await session.ended;
    await whenPromoted(second);
    second.close();
    finish(
      given,
      context,
      { pid, older: greeting.pid },
      `Process ${String(pid)} has taken over from ${greeting.pid}`,
    );
    return 0;
  },
};

function finish({ isJson }: VerbArguments, { io }: VerbContext, outcome: object, text: string): void {
  if (isJson) printJson(io, { result: 'done', ...outcome });
  else io.stdout.write(`${text}\n`);
}

/** @throws OperatorError when it ends, or is not ready in time */
async function whenReady(pid: number, context: VerbContext, seconds: number): Promise<Session> {
  const { session } = context;
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    const { successor } = await session.ask<ServerStatus>('status');
    if (successor !== pid)
      throw refused('upgrade', 'the second server ended before it was ready; the log says why');
    const second = await openSuccessor(pid, { path: session.path, env: context.env });
    const state = await second?.ask<ServerStatus>('status').catch(() => undefined);
    if (second !== undefined && state !== undefined && state.pid === pid && isWell(state)) return second;
    second?.close();
    await delay(LOOK_MS);
  }
  throw refused(
    'upgrade',
    `process ${pid} was not ready after ${seconds} s, and runs beside the first; see its log, or gunicorn upgrade --rollback`,
  );
}

/** It notices the end of the first one within a second, and then takes its names: before that nobody finds it by them. */
async function whenPromoted(second: Session): Promise<void> {
  for (let looks = 0; looks < PROMOTED_LOOKS; looks++) {
    const { parentPid } = await second.ask<ServerStatus>('status');
    if (parentPid === undefined) return;
    await delay(LOOK_MS);
  }
}

async function rollBack(given: VerbArguments, context: VerbContext): Promise<number> {
  const { session, greeting, env } = context;
  const { successor } = await session.ask<ServerStatus>('status');
  if (successor === undefined) throw refused('upgrade', 'there is no second server');
  const second = await openSuccessor(successor, { path: session.path, env });
  if (second === undefined)
    throw refused('upgrade', `process ${successor} has no control socket; send it TERM`);
  await second.undertake('stop', {}, { seconds: 0, onProgress: () => {} });
  await second.ended;
  finish(given, context, { pid: greeting.pid }, `Process ${greeting.pid} serves on; ${successor} has ended`);
  return 0;
}
