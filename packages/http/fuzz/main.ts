// Feeds mutations of the corpus to the parser, whole and in cuts, and stops at the first that shows a fault:
// another error than the parser's own, another result for another cut, events without end, or growth.
//
//   pnpm fuzz parser [--count N | --seconds N] [--seed N]

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HttpRules, REFUSALS } from '../src/index.ts';
import { readCorpus } from '../test/corpus/corpus-case.ts';
import { type Transcript, randomly, seededRandom, singly, transcribe } from '../test/corpus/transcript.ts';
import { mutate } from './mutation.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string' },
    seconds: { type: 'string' },
    seed: { type: 'string' },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const seconds = Number(values.seconds ?? Infinity);
const count = Number(values.count ?? (values.seconds === undefined ? 100_000 : Infinity));

/** Bytes of live heap that the run may end with above what it had when it was warm. */
const MOST_GROWTH = 8 * 2 ** 20;
const SLOWEST_MS = 2000;

// Most inputs are refused, and nobody reads where.
Error.stackTraceLimit = 0;

const corpus = [...readCorpus('accepted'), ...readCorpus('refused')];
const samples = corpus.map((sample) => sample.bytes);
const variants = corpus.map((sample) => ({
  rules: new HttpRules(sample.policy),
  connection: { address: sample.peer, secure: false },
}));
const collectGarbage = garbageCollector();
const random = seededRandom(seed);
const outcomes = new Map<string, number>();

print(`seed ${seed}, ${samples.length} samples`);
const started = performance.now();
let done = 0;
let heapWhenWarm = 0;
while (done < count && performance.now() - started < 1000 * seconds) {
  if (done === 5000) heapWhenWarm = liveHeap();
  const origin = anyIndex();
  // Mostly under the settings that the sample is about, so that it gets past the first line.
  const variant = variants[random() < 0.8 ? origin : anyIndex()]!;
  tryOne(mutate(samples[origin]!, samples, random), variant);
  done++;
  if (done % 100_000 === 0) print(`${done} inputs, ${elapsed()} s`);
}
const growth = heapWhenWarm === 0 ? 0 : liveHeap() - heapWhenWarm;
for (const [outcome, times] of [...outcomes].sort((a, b) => b[1] - a[1])) {
  print(`${String(times).padStart(10)}  ${outcome}`);
}
print(`${done} inputs in ${elapsed()} s, live heap grew by ${Math.round(growth / 1024)} KiB`);
if (growth > MOST_GROWTH) throw new Error('the parser keeps what it should let go');

function tryOne(bytes: Buffer, variant: (typeof variants)[number]): void {
  try {
    const before = performance.now();
    const whole = transcribe([bytes], variant.rules, variant.connection);
    const cut = transcribe(
      bytes.length < 2000 && random() < 0.1 ? singly(bytes) : randomly(bytes, random),
      variant.rules,
      variant.connection,
    );
    check(whole, cut, performance.now() - before);
  } catch (error) {
    print(`input ${done} of seed ${seed}, base64:\n${bytes.toString('base64')}`);
    print(`peer ${variant.connection.address}, ${JSON.stringify(variant.rules.policy)}`);
    throw error;
  }
}

function check(whole: Transcript, cut: Transcript, ms: number): void {
  if (JSON.stringify(whole) !== JSON.stringify(cut)) {
    throw new Error(`cuts matter:\n${JSON.stringify(whole, null, 1)}\n${JSON.stringify(cut, null, 1)}`);
  }
  if (whole.error !== undefined && !Object.hasOwn(REFUSALS, whole.error.code)) {
    throw new Error(`an error that is not in the catalogue: ${whole.error.code}`);
  }
  if (ms > SLOWEST_MS) throw new Error(`took ${ms} ms`);
  const outcome = whole.error?.code ?? (whole.requests.length > 0 ? 'accepted' : 'nothing');
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function anyIndex(): number {
  return Math.floor(random() * samples.length);
}

function liveHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

function elapsed(): string {
  return ((performance.now() - started) / 1000).toFixed(0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
