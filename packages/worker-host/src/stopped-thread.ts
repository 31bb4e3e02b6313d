import { readFileSync } from 'node:fs';
import type { Debugger, Runtime, Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import type { AutopsyFrame } from '@gunicorn-ts/interface';
import type { SelfReport } from './self-report.ts';

/**
 * How long the main thread gets to notice the debugger, and then to stop, in milliseconds. It does at once, unless it
 * is in native code, or does not get the processor: one that sleeps in the kernel is given up sooner.
 */
const SLEEPING_MS = 1000;
const RUNNING_MS = 5000;

/** The innermost frames tell where it hangs; a runaway recursion has thousands. */
const MAX_FRAMES = 50;

/** What could be learnt of the main thread. Lives in the watchdog thread. */
export interface StoppedThread {
  readonly stack: readonly AutopsyFrame[];
  readonly selfReport: SelfReport;
  /** Why there is no stack. */
  readonly reason?: string;
}

type PausedFrame = Debugger.CallFrame;

const NOTHING_SAID: SelfReport = { inFlight: [] };

/**
 * Stops the main thread for a moment through the inspector, reads its stack, lets it report, and lets it go on.
 * Never rejects, and never leaves it stopped. `expression` gives the report, as JSON. `onSlow` is given what is
 * known when it takes longer: the arbiter does not wait for ever.
 */
export async function stopMainThread(
  expression: string,
  onSlow: (soFar: StoppedThread) => void,
): Promise<StoppedThread> {
  try {
    // Loaded now and not before: a thread that never needs it should not pay for it.
    const inspector = await import('node:inspector/promises');
    return await inspect(new inspector.Session(), expression, onSlow);
  } catch (error) {
    return withoutStack(`the inspector did not help: ${(error as Error).message}`);
  }
}

async function inspect(
  session: Session,
  expression: string,
  onSlow: (soFar: StoppedThread) => void,
): Promise<StoppedThread> {
  const paused = new Promise<readonly PausedFrame[]>((resolve) => {
    session.once('Debugger.paused', ({ params }) => resolve(params.callFrames));
  });
  // A frame names its script by number alone.
  const scripts = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url));
  session.connectToMainThread();
  try {
    const noticed = session.post('Debugger.enable').then(() => session.post('Debugger.pause'));
    // Rejects when the session is closed while it waits.
    noticed.catch(() => undefined);
    const isNoticed = await patiently(
      noticed.then(() => true),
      onSlow,
    );
    if (isNoticed !== true) return withoutStack(`the main thread is in native code${kernelState()}`);
    // The debugger looks at every script first.
    const frames = await patiently(paused, onSlow);
    if (frames === undefined) return withoutStack(`the main thread did not stop${kernelState()}`);
    const selfReport = await reportOf(session, frames[0]?.callFrameId ?? '', expression);
    await session.post('Debugger.resume');
    return { stack: frames.slice(0, MAX_FRAMES).map((frame) => frameOf(frame, scripts)), selfReport };
  } finally {
    // Takes with it a pause that is still pending, and the debugger's slower code.
    session.disconnect();
  }
}

/** What the main thread answers in time, which is more of it while it runs. */
async function patiently<Answer>(
  answer: Promise<Answer>,
  onSlow: (soFar: StoppedThread) => void,
): Promise<Answer | undefined> {
  const soon = await inTime(SLEEPING_MS, answer);
  if (soon !== undefined || taskState() !== 'R') return soon;
  onSlow(withoutStack('the main thread is running, in native code or short of processor time'));
  return await inTime(RUNNING_MS - SLEEPING_MS, answer);
}

async function reportOf(session: Session, callFrameId: string, expression: string): Promise<SelfReport> {
  const question: Runtime.EvaluateParameterType = { expression, returnByValue: true, silent: true };
  const { result } = await session.post('Debugger.evaluateOnCallFrame', { callFrameId, ...question });
  if (typeof result.value === 'string') return JSON.parse(result.value) as SelfReport;
  // In a frame of Node.js names of the language may be hidden by its own.
  const { result: global } = await session.post('Runtime.evaluate', question);
  return typeof global.value === 'string' ? (JSON.parse(global.value) as SelfReport) : NOTHING_SAID;
}

function frameOf(
  { functionName, location }: PausedFrame,
  scripts: ReadonlyMap<string, string>,
): AutopsyFrame {
  const url = scripts.get(location.scriptId) ?? '';
  return {
    functionName: functionName === '' ? '(anonymous)' : functionName,
    file: url.startsWith('file:') ? fileURLToPath(url) : url,
    line: location.lineNumber + 1,
    column: (location.columnNumber ?? 0) + 1,
  };
}

function withoutStack(reason: string): StoppedThread {
  return { stack: [], selfReport: { ...NOTHING_SAID, rssBytes: process.memoryUsage.rss() }, reason };
}

/** Where in the kernel the main thread waits, as far as Linux tells this user. */
function kernelState(): string {
  const place = readTask('wchan');
  if (place !== '' && place !== '0') return `, waiting in ${place}`;
  const state = taskState();
  if (state === 'R') return ', running';
  return state === undefined ? '' : ', waiting in a system call';
}

/** `R` runs (or waits for a processor), `S` sleeps; `undefined` where there is no /proc. */
function taskState(): string | undefined {
  // Behind the command's name, which may hold anything: `pid (comm) S …`.
  return /\) ([A-Z]) [^)]*$/.exec(readTask('stat'))?.[1];
}

/** The main thread's number is that of the process. */
function readTask(file: string): string {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/${file}`, 'utf8').trim();
  } catch {
    return '';
  }
}

/** The value, or `undefined` after `limitMs` milliseconds. */
async function inTime<T>(limitMs: number, value: Promise<T>): Promise<T | undefined> {
  const limit = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => limit.resolve(undefined), limitMs);
  try {
    return await Promise.race([value, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}
