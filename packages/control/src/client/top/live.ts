import { setTimeout as delay } from 'node:timers/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import type { ServerFigures } from '../../figures.ts';
import type { ServerStatus } from '../../status.ts';
import { describeMoment } from '../output.ts';
import { findHeir } from '../successor.ts';
import type { VerbContext } from '../verb.ts';
import { type Answered, linesOf, PATIENCE_MS } from '../verbs/stacks.ts';
import { modelOf, type Model, type Sample } from './sample.ts';
import { eventLines, keysLine, screenLines, type SortKey, type View } from './screen.ts';
import { Terminal } from './terminal.ts';

const EVERY_MS = 1000;
/** Between the two samples of a snapshot: rates need a time. */
const SNAPSHOT_MS = 500;
/** Samples that are kept: durations are those of so many seconds. */
const KEPT = 10;
const EVENT_LINES = 6;
const STACK_LINES = 14;
const SORT_KEYS: Readonly<Record<string, SortKey>> = {
  s: 'slot',
  b: 'busy',
  c: 'cpu',
  m: 'memory',
  r: 'requests',
  a: 'age',
};

export async function takeSample({ session }: VerbContext): Promise<Sample> {
  const status = await session.ask<ServerStatus>('status');
  return { status, figures: await session.ask<ServerFigures>('figures') };
}

/** Two samples, a short time apart. */
export async function takeSnapshot(context: VerbContext): Promise<Model> {
  const before = await takeSample(context);
  await delay(SNAPSHOT_MS);
  return modelOf(before, await takeSample(context));
}

export function viewOf(
  env: NodeJS.ProcessEnv,
  size: { readonly width: number; readonly height: number },
): View {
  const encoding = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return {
    ...size,
    sort: 'slot',
    isTree: false,
    isColored: false,
    isUnicode: /utf-?8/i.test(encoding),
    clock: '',
    notes: [],
  };
}

/** What the operator is asked before it is done. */
interface Question {
  readonly text: string;
  answer(): void;
}

/** Shows the server until `q` is pressed, or the server is gone. */
export class LiveTop {
  #context: VerbContext;
  readonly #terminal: Terminal;
  readonly #quit: PromiseWithResolvers<number> = Promise.withResolvers();
  /** The newest last. */
  readonly #samples: Sample[] = [];
  #model: Model | undefined;
  #view: View;
  #question: Question | undefined;
  #outcome = '';
  #isPaused = false;
  #isLooking = false;
  #showsLog = false;

  constructor(context: VerbContext, input: ReadStream, output: WriteStream) {
    this.#context = context;
    this.#terminal = new Terminal(input, output, {
      onKey: (key) => this.#pressed(key),
      onResize: () => this.#draw(),
    });
    const { env } = context;
    const isColored = (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
    this.#view = { ...viewOf(env, this.#terminal), isColored };
  }

  /** @returns the exit code */
  async run(): Promise<number> {
    const timer = setInterval(() => void this.#look(), EVERY_MS);
    try {
      this.#lookAtEnd();
      await this.#look();
      return await this.#quit.promise;
    } finally {
      clearInterval(timer);
      this.#terminal.close();
    }
  }

  /** Whoever takes over is known by its parent for a short time only. */
  #lookAtEnd(): void {
    void this.#context.session.ended.then(() => this.#look());
  }

  async #look(): Promise<void> {
    if (this.#isPaused || this.#isLooking) return;
    this.#isLooking = true;
    try {
      const sample = await takeSample(this.#context);
      this.#model = modelOf(this.#samples.at(-1), sample, this.#samples[0]);
      this.#samples.push(sample);
      if (this.#samples.length > KEPT) this.#samples.shift();
      this.#draw();
    } catch (error) {
      if (!(await this.#goesOn(error))) this.#quit.reject(error);
    } finally {
      this.#isLooking = false;
    }
  }

  /** With the server that has taken over, whose figures begin anew. */
  async #goesOn(error: unknown): Promise<boolean> {
    if ((error as { code?: string }).code !== 'ERR_CONNECTION_LOST') return false;
    const heir = await findHeir(this.#context, this.#context.env, this.#model?.status.successor);
    if (heir === undefined) return false;
    this.#context = { ...this.#context, ...heir };
    this.#samples.length = 0;
    this.#lookAtEnd();
    this.#say(`process ${heir.greeting.pid} has taken over`);
    return true;
  }

  #draw(): void {
    if (this.#model === undefined) return;
    const { width, height } = this.#terminal;
    const now = Date.now();
    const last = this.#question?.text ?? (this.#isPaused ? `paused  ${keysLine(width)}` : keysLine(width));
    const notes = [
      ...(this.#showsLog ? ['', ...eventLines(this.#model, EVENT_LINES, now)] : []),
      ...(this.#outcome === '' ? [] : this.#outcome.split('\n')),
      last,
    ];
    const view = { ...this.#view, width, height, clock: describeMoment(now, now), notes };
    this.#terminal.show(screenLines(this.#model, view));
  }

  #pressed(key: string): void {
    const question = this.#question;
    this.#question = undefined;
    if (question !== undefined) {
      if (key === 'y') question.answer();
      return this.#draw();
    }
    const sort = SORT_KEYS[key];
    if (sort !== undefined) this.#view = { ...this.#view, sort };
    else this.#command(key);
    this.#draw();
  }

  #command(key: string): void {
    switch (key) {
      case 'q':
        return this.#quit.resolve(0);
      case 'p':
        this.#isPaused = !this.#isPaused;
        return;
      case 'w':
        this.#view = { ...this.#view, isTree: !this.#view.isTree };
        return;
      case 'l':
        this.#showsLog = !this.#showsLog;
        return;
      case 'k':
        return this.#stacks();
      case 'R':
        return this.#ask('Reload?', 'reload', {});
      case '+':
        return this.#ask('One worker more?', 'scale', { by: 1 });
      case '-':
        return this.#ask('One worker less?', 'scale', { by: -1 });
    }
  }

  #ask(text: string, command: string, options: Readonly<Record<string, number>>): void {
    const onProgress = (progress: string): void => this.#say(`${command}: ${progress}`);
    this.#question = {
      text: `${text} [y/n]`,
      answer: () => {
        this.#context.session.undertake(command, options, { seconds: 0, onProgress }).then(
          () => this.#say(`${command}: done`),
          (error: unknown) => this.#say((error as Error).message),
        );
      },
    };
  }

  /** Of the worker that stands still, or else of one that is busy; pressed once more, they go. */
  #stacks(): void {
    const { rows = [] } = this.#model ?? {};
    const row =
      (['hung', 'busy'] as const).flatMap((what) => rows.filter(({ doing }) => doing === what))[0] ?? rows[0];
    if (this.#outcome !== '' || row === undefined) return this.#say('');
    this.#say(`stacks of worker ${row.slot} …`);
    this.#context.session
      .ask<{ readonly workers: readonly Answered[] }>('stacks', { worker: row.slot }, PATIENCE_MS)
      .then(
        ({ workers }) => this.#say(workers.flatMap(linesOf).slice(0, STACK_LINES).join('\n')),
        (error: unknown) => this.#say((error as Error).message),
      );
  }

  #say(text: string): void {
    this.#outcome = text;
    this.#draw();
  }
}
