import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { Autopsy, RequestSummary } from '@gunicorn-ts/interface';
import { waitedFor } from './current-request.ts';
import { answerHungClient } from './hung-client.ts';
import { hungRecord, logHungRequest } from './hung-request.ts';
import { Silence } from './silence.ts';
import { readProcessStacks } from './process-stacks.ts';
import { type StoppedThread, stopMainThread } from './stopped-thread.ts';
import type { WatchdogData } from './watchdog.ts';

/** How often is looked, in milliseconds. */
const LOOK_EVERY_MS = 150;

/**
 * With the look before and the one after, a stuck worker is gone within 2 s of its arbiter. One that still
 * turns leaves earlier, by itself.
 */
const ORPHAN_LIMIT_MS = 1600;

/*
 * The program of the watchdog thread: looks at the main thread from outside, since a main thread that
 * hangs cannot say so.
 */
const {
  lastBeat,
  silenceLimitMs,
  arbiterPid,
  lastWordsFd,
  currentConnection,
  currentRequest,
  accessLog,
  serverHeader,
  applicationProcess,
  selfReport,
} = workerData as WatchdogData;

const now = (): number => Number(process.hrtime.bigint() / 1_000_000n);
const silence = new Silence(silenceLimitMs, now());
let orphanedAt: number | undefined;

setInterval(() => {
  const time = now();
  if (process.ppid !== arbiterPid) {
    orphanedAt ??= time;
    if (time - orphanedAt >= ORPHAN_LIMIT_MS) process.kill(process.pid, 'SIGKILL');
  }
  const stuckMs = silence.look(time, Number(Atomics.load(lastBeat, 0) / 1_000_000n));
  if (stuckMs === undefined) return;
  if (currentConnection !== undefined) answer(currentConnection);
  void writeAutopsy(stuckMs);
}, LOOK_EVERY_MS);

function answer(cell: Int32Array): void {
  const given = answerHungClient(cell, serverHeader);
  if (given === undefined || currentRequest === undefined || accessLog === undefined) return;
  const record = hungRecord(currentRequest, given, Date.now());
  // A log that cannot be opened here was reported by the main thread when it could not be there.
  if (record !== undefined) logHungRequest(record, accessLog).catch(() => undefined);
}

async function writeAutopsy(stuckMs: number): Promise<void> {
  const processStacks =
    applicationProcess === undefined ? undefined : await readProcessStacks(applicationProcess);
  const request = waitedFor(applicationProcess?.currentRequest, stuckMs);
  const finding: Finding = { stuckMs, processStacks, request };
  write(finding, await stopMainThread(selfReport, (soFar) => write(finding, soFar)));
}

interface Finding {
  readonly stuckMs: number;
  readonly processStacks: string | undefined;
  readonly request: RequestSummary | undefined;
}

function write(
  { stuckMs, processStacks, request }: Finding,
  { stack, selfReport: report, reason }: StoppedThread,
): void {
  const autopsy: Autopsy = {
    version: 1,
    stuckMs,
    stack,
    ...report,
    // A main thread in a system call could not be asked.
    ...(stack.length === 0 && request !== undefined ? { inFlight: [request] } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(processStacks === undefined ? {} : { processStacks }),
  };
  try {
    writeSync(lastWordsFd, `${JSON.stringify(autopsy)}\n`);
  } catch {
    // The arbiter is gone: nobody is left to read it.
  }
}
