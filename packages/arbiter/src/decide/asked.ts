import type { ControlRequest } from '@gunicorn-ts/interface';
import type { State } from '../state.ts';
import { onHangUp } from './hang-up.ts';
import { beginStop, hastenStop } from './stop.ts';
import { reopenLogs } from './signal.ts';
import { setTarget } from './target.ts';
import type { Turn } from './turn.ts';
import { startUpgrade } from './upgrade.ts';
import { drainServer, resumeServer, withdraw } from './withdraw.ts';

/** Typed by mistake more likely than meant; `workers` in the settings has no such bound. */
const MOST_WORKERS = 1000;

/** Why something cannot be asked for now. */
export function whyRefused(state: State, request: ControlRequest): string | undefined {
  const isQuickStop = request.ask === 'stop' && !request.graceful;
  if (state.phase === 'finished') return 'the server has stopped';
  if (state.phase === 'stopping' && request.ask !== 'reopen-logs' && !isQuickStop)
    return 'the server is stopping';
  switch (request.ask) {
    case 'scale':
      return whyNotScaled(request.workers);
    case 'replace-worker':
      return whyNotReplaced(state, request.age);
    case 'drain':
    case 'resume':
      return state.stopAt === undefined ? undefined : 'a stop was asked for, and begins soon';
    case 'upgrade':
      if (state.upgradePid !== undefined) return 'an upgrade is under way already';
      return state.parentPid === undefined ? undefined : 'this is the second arbiter of an upgrade itself';
    default:
      return undefined;
  }
}

function whyNotScaled(workers: number): string | undefined {
  if (Number.isSafeInteger(workers) && workers >= 0 && workers <= MOST_WORKERS) return undefined;
  return `the number of workers must be a whole one from 0 to ${MOST_WORKERS}, not ${workers}`;
}

function whyNotReplaced(state: State, age: number): string | undefined {
  const worker = state.workers.get(age);
  if (worker === undefined) return 'there is no such worker';
  if (worker.phase === 'draining') return 'the worker is leaving already';
  return worker.phase === 'booting' ? 'the worker is not ready yet' : undefined;
}

/** Somebody with the right to it asks for something. */
export function onAsked(turn: Turn, request: ControlRequest, by: string): void {
  if (whyRefused(turn.state, request) !== undefined) return;
  turn.log('info', `Asked by ${by}: ${describe(turn, request)}`);
  switch (request.ask) {
    case 'reload':
      return onHangUp(turn);
    case 'scale':
      return setTarget(turn, request.workers);
    case 'replace-worker':
      return replace(turn, request.age);
    case 'reopen-logs':
      return reopenLogs(turn);
    case 'log-level':
      return turn.do({ do: 'set-log-level', level: request.level });
    case 'upgrade':
      return startUpgrade(turn);
    case 'drain':
      return drainServer(turn);
    case 'resume':
      return resumeServer(turn);
    case 'stop':
      if (turn.state.phase === 'stopping') return hastenStop(turn);
      return request.graceful ? withdraw(turn) : beginStop(turn, { graceful: false, exitCode: 0 });
  }
}

function describe(turn: Turn, request: ControlRequest): string {
  switch (request.ask) {
    case 'scale':
      return `${request.workers} ${request.workers === 1 ? 'worker' : 'workers'}, from ${turn.state.target}`;
    case 'replace-worker':
      return `replace worker (pid:${turn.worker(request.age)?.pid ?? 0})`;
    case 'stop':
      return request.graceful ? 'stop' : 'stop at once';
    case 'log-level':
      return `log level ${request.level}`;
    case 'drain':
      return 'be ready for no more requests';
    case 'resume':
      return 'be ready for requests again';
    default:
      return request.ask.replace('-', ' ');
  }
}

function replace(turn: Turn, age: number): void {
  const worker = turn.worker(age);
  if (worker !== undefined) turn.setWorker(worker, { recycle: 'asked' });
}
