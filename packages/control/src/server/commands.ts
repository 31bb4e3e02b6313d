import type { ControlRequest, LifecycleMoment, Settings } from '@gunicorn-ts/interface';
import { failed, okay } from '../protocol/answer.ts';
import type { Request } from '../protocol/request.ts';
import type { Rehearsal } from '../rehearsal.ts';
import type { Chronicle } from './chronicle.ts';
import { CommandError } from './command-error.ts';
import type { Connection } from './connection.ts';
import { gunicornCommand, isGunicornChange } from './gunicorn-commands.ts';
import {
  followReload,
  followReplacement,
  followScale,
  followStop,
  followUpgrade,
  type Undertaking,
} from './outcome.ts';
import { levelOf, readLogWish, streamLogs } from './log-stream.ts';
import type { Asker } from './rights.ts';
import type { FigureReader } from './server-figures.ts';
import { arbiterOf, greeting, serverStatus } from './show.ts';
import { shownSettings } from './shown-settings.ts';

type Options = Request['options'];

/** Commands that only look. */
const VIEWS: Readonly<Record<string, (chronicle: Chronicle, asker: Asker) => unknown>> = {
  hello: (chronicle, { right }) => greeting(chronicle, right),
  status: (chronicle) => serverStatus(chronicle),
  settings: (chronicle) => shownSettings(arbiterOf(chronicle).settings),
};

/** Commands whose outcome is waited for; each with what the arbiter is asked for, and how its end is known. */
const UNDERTAKINGS: Readonly<Record<string, (chronicle: Chronicle, options: Options) => Undertaking>> = {
  reload: (chronicle, { until }) => ({
    request: { ask: 'reload' },
    follow: followReload(chronicle, until === 'accepted' ? 'accepted' : 'complete'),
  }),
  scale: (chronicle, options) => {
    const workers = wantedNumber(arbiterOf(chronicle).target, options);
    return { request: { ask: 'scale', workers }, follow: followScale(chronicle, workers) };
  },
  'restart-worker': (chronicle, { worker }) => {
    const age = findWorker(chronicle, worker);
    return { request: { ask: 'replace-worker', age }, follow: followReplacement(chronicle, age) };
  },
  stop: (_chronicle, { quick }) => ({
    request: { ask: 'stop', graceful: quick !== true },
    follow: followStop(),
  }),
  upgrade: () => ({ request: { ask: 'upgrade' }, follow: followUpgrade() }),
};

function wantedNumber(target: number, { workers, by }: Options): number {
  if (typeof by === 'number') return Math.max(0, target + by);
  if (typeof workers === 'number') return workers;
  throw new CommandError('scale needs workers or by');
}

/** By its number among the workers, or by its process id. */
function findWorker(chronicle: Chronicle, word: unknown): number {
  const workers = arbiterOf(chronicle).workers();
  const found =
    workers.find(({ pid }) => pid === word) ??
    workers.findLast(({ slot, phase }) => slot === word && phase !== 'draining');
  if (found !== undefined) return found.age;
  const known = workers.map(({ slot, pid }) => `${slot} (pid ${pid})`).join(', ');
  throw new CommandError(`there is no worker ${String(word)}; there are ${known === '' ? 'none' : known}`);
}

/** Commands that are done at once. */
const ORDERS: Readonly<Record<string, ControlRequest>> = {
  drain: { ask: 'drain' },
  resume: { ask: 'resume' },
};

/** Answers requests, and tells those who wait how things went. Lives in the arbiter. */
export class Commands {
  readonly #chronicle: Chronicle;
  readonly #figures: FigureReader;
  readonly #rehearsal: Rehearsal | undefined;
  #isRehearsing = false;
  readonly #following: Set<(moment: LifecycleMoment) => void> = new Set();

  constructor(chronicle: Chronicle, figures: FigureReader, rehearsal?: Rehearsal) {
    this.#rehearsal = rehearsal;
    this.#chronicle = chronicle;
    this.#figures = figures;
  }

  /** To be called after the chronicle was told. */
  tell(moment: LifecycleMoment): void {
    for (const follow of this.#following) follow(moment);
  }

  handle(request: Request, connection: Connection, asker: Asker): void {
    try {
      const later = this.#answerLater(request, asker);
      if (later !== undefined) this.#send(request, connection, later);
      else if (request.words[0] === 'logs') this.#streamLogs(request, connection, asker);
      else if (request.isStream) this.#undertake(request, connection, asker);
      else connection.answer(okay(request.id, this.#answerAtOnce(request, asker)));
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const answer = failed(request.id, error.message);
      connection.answer(request.isStream ? { ...answer, stream: true, end: true } : answer);
    }
  }

  /** There are addresses of clients in the logs, and queries of requests, with whatever those hold. */
  #streamLogs(request: Request, connection: Connection, { right }: Asker): void {
    if (right === 'view')
      throw new CommandError('this user may not read the logs; only root and the user of the server may');
    const { control } = this.#chronicle;
    if (control === undefined) throw new CommandError('the server has not started yet');
    void streamLogs(request, readLogWish(request.options), { connection, control });
  }

  /** What takes its time: the kernel, a worker, or another process is asked. */
  #answerLater({ words: [command], options }: Request, asker: Asker): Promise<unknown> | undefined {
    switch (command) {
      case 'figures':
        return this.#figures.read(this.#chronicle);
      case 'metrics':
        return Promise.resolve({ text: this.#figures.text(options['workers'] === true) });
      case 'stacks':
        return this.#stacks(options, asker);
      case 'rehearse':
        return this.#rehearse(asker, async (rehearsal, settings) => {
          const reason = await rehearsal.check(settings);
          return reason === undefined ? { accepted: true } : { accepted: false, reason };
        });
      case 'differences':
        return this.#rehearse(asker, async (rehearsal, settings) => ({
          differences: await rehearsal.differences(settings),
        }));
      default:
        return undefined;
    }
  }

  #send({ id }: Request, connection: Connection, answer: Promise<unknown>): void {
    // It is not silent while it waits for this.
    const forget = (): void => {};
    connection.onClose(forget);
    void answer
      .then(
        (data) => connection.answer(okay(id, data)),
        (error: unknown) => connection.answer(failed(id, String((error as Error).message))),
      )
      .finally(() => connection.settled(forget));
  }

  /** A worker is stopped for a moment, which is more than looking. */
  async #stacks(options: Options, asker: Asker): Promise<unknown> {
    mayChange(asker);
    const { control } = this.#chronicle;
    const all = arbiterOf(this.#chronicle).workers();
    const age = options['worker'] === undefined ? undefined : findWorker(this.#chronicle, options['worker']);
    const answers = all
      .filter((worker) => worker.pid > 0 && (age === undefined || worker.age === age))
      .map(({ slot, pid, age: asked }) =>
        Promise.resolve(control?.stacks(asked)).then(
          (autopsy) => ({ slot, pid, autopsy }),
          (error: unknown) => ({ slot, pid, error: String((error as Error).message) }),
        ),
      );
    return { workers: await Promise.all(answers) };
  }

  /** Starts the application once more, which is more than looking. One at a time: it costs what a worker costs. */
  async #rehearse(
    asker: Asker,
    work: (rehearsal: Rehearsal, settings: Readonly<Settings>) => Promise<unknown>,
  ): Promise<unknown> {
    mayChange(asker);
    const { settings } = arbiterOf(this.#chronicle);
    if (this.#rehearsal === undefined) throw new CommandError('this server cannot try out a reload');
    if (this.#isRehearsing) throw new CommandError('a reload is being tried out already');
    this.#isRehearsing = true;
    try {
      return await work(this.#rehearsal, settings);
    } finally {
      this.#isRehearsing = false;
    }
  }

  #answerAtOnce({ words, options }: Request, asker: Asker): unknown {
    const [command = ''] = words;
    const view = Object.hasOwn(VIEWS, command) ? VIEWS[command] : undefined;
    if (view !== undefined) return view(this.#chronicle, asker);
    if (isGunicornChange(words) || Object.hasOwn(ORDERS, command)) mayChange(asker);
    const ask = (request: ControlRequest): void => this.#ask(request, asker);
    if (command === 'loglevel') return this.#logLevel(asker, options);
    const order = Object.hasOwn(ORDERS, command) ? ORDERS[command] : undefined;
    if (order !== undefined) {
      ask(order);
      return { status: command };
    }
    const answer = gunicornCommand(words, this.#chronicle, ask);
    if (answer === undefined) throw new CommandError(`Unknown command: ${command}`);
    return answer;
  }

  #logLevel(asker: Asker, { level }: Options): unknown {
    const arbiter = arbiterOf(this.#chronicle);
    const before = arbiter.logLevel;
    if (level !== undefined) {
      mayChange(asker);
      this.#ask({ ask: 'log-level', level: levelOf(level) }, asker);
    }
    return { level: arbiter.logLevel, before, configured: arbiter.settings.loglevel };
  }

  #undertake({ id, words, options }: Request, connection: Connection, asker: Asker): void {
    const [command = ''] = words;
    const begin = Object.hasOwn(UNDERTAKINGS, command) ? UNDERTAKINGS[command] : undefined;
    if (begin === undefined) throw new CommandError(`Unknown command: ${command}`);
    mayChange(asker);
    const { request, follow } = begin(this.#chronicle, options);
    const onMoment = (moment: LifecycleMoment): void => {
      const found = follow(moment);
      if (found.state === 'goes-on') {
        if (found.progress === undefined) return;
        connection.answer({ ...okay(id, { progress: found.progress }), stream: true });
        return;
      }
      forget();
      const last = found.state === 'done' ? okay(id, found.data) : failed(id, found.reason);
      connection.answer({ ...last, stream: true, end: true });
    };
    const forget = (): void => {
      this.#following.delete(onMoment);
      connection.settled(forget);
    };
    connection.onClose(forget);
    this.#following.add(onMoment);
    try {
      this.#ask(request, asker);
      // What is wanted may be so already, and then nothing follows.
      onMoment({ moment: 'tick', counts: this.#chronicle.counts });
    } catch (error) {
      forget();
      throw error;
    }
  }

  #ask(request: ControlRequest, asker: Asker): void {
    const refusal = this.#chronicle.control?.ask(request, asker.name);
    if (refusal !== undefined) throw new CommandError(refusal);
  }
}

function mayChange({ right }: Asker): void {
  if (right === 'view')
    throw new CommandError(
      'this user may look, and change nothing; only root and the user of the server may',
    );
}
