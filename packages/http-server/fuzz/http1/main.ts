// Has random clients talk to node:http and to this package, over descriptors and over streams, and stops at the first
// that shows a fault: another answer to a proper client than Node's, an exception, a request of which the application
// never hears the end, a connection that stays, or growth.
//
//   pnpm fuzz http1 [--count N | --seconds N] [--seed N]

import { createServer as createNodeServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from '../../src/index.ts';
import { beginRun, print } from '../run.ts';
import { type Conversation, converse } from './conversation.ts';
import { SILENCE, Subject } from './server.ts';

const run = beginRun(5000);
const { seed, random } = run;

/** Clients that talk at the same time. */
const AT_A_TIME = 16;
/** How long the last connections have to go. */
const FAREWELL_MS = 30_000;

const node = new Subject('node:http', (listener) => createNodeServer(listener));
const ours = (['descriptor', 'stream'] as const).map(
  (transport) => new Subject(transport, (listener) => createServer({ transport }, listener)),
);
const subjects = [node, ...ours];
let done = 0;
let reported = 0;

process.on('uncaughtException', (error) => {
  print(`seed ${seed}: an exception got out after ${done} conversations`);
  print(error.stack ?? String(error));
  process.exitCode = 1;
  throw error;
});

for (const subject of subjects) await subject.listen();
while (run.goesOn(done)) {
  const batch = Array.from({ length: AT_A_TIME }, () => converse(random));
  await Promise.all(batch.map(compare));
  done += batch.length;
  if (done - reported < 10_000) continue;
  reported = done;
  print(`${done} conversations, ${run.elapsed()}`);
}
for (const subject of ours) await checkLeftovers(subject);
for (const subject of subjects) await subject.close();
print(
  `${done} conversations in ${run.elapsed()}, ${ours.map(({ name, begun }) => `${begun} requests over ${name}`).join(', ')}`,
);

async function compare(conversation: Conversation): Promise<void> {
  const [expected, ...heard] = await Promise.all(subjects.map((subject) => subject.hear(conversation)));
  for (const [index, text] of heard.entries()) {
    const fault = faultOf(conversation, expected, text);
    if (fault === undefined) continue;
    const { name } = ours[index]!;
    print(`seed ${seed}, ${name}: ${fault}`);
    print(JSON.stringify(conversation.pieces.map((piece) => piece.toString('latin1'))).slice(0, 1500));
    const from = Math.max(0, firstDifference(expected ?? '', text ?? '') - 60);
    for (const [who, said = ''] of [
      ['node:http', expected],
      [name, text],
    ] as const) {
      print(`${who}, ${said.length} bytes, from ${from}: ${JSON.stringify(said.slice(from, from + 400))}`);
    }
    throw new Error(fault);
  }
}

function firstDifference(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function faultOf(
  { isProper, pieces }: Conversation,
  expected: string | undefined,
  heard: string | undefined,
): string | undefined {
  if (expected === undefined || heard === undefined) return undefined;
  if (!/^(HTTP\/1\.1 \d{3} |$)/.test(heard.replace(SILENCE, ''))) return 'what it said is no HTTP';
  if (!isProper) return undefined;
  if (expected === heard) return undefined;
  // Node closes with unread bytes, and the reset takes what the client has not received yet.
  if (heard.startsWith(expected)) return undefined;
  // Where the application broke a connection off, how much of what came before has left is a matter of time; and Node
  // forgets the connection of a response that is destroyed before its turn has come.
  if (Buffer.concat(pieces).includes('/destroy/')) {
    const [theirs, mine] = [expected.replace(SILENCE, ''), heard.replace(SILENCE, '')];
    if (theirs.startsWith(mine) || mine.startsWith(theirs)) return undefined;
  }
  return 'it said something else';
}

async function checkLeftovers(subject: Subject): Promise<void> {
  const deadline = performance.now() + FAREWELL_MS;
  while ((await subject.connections()) > 0 || subject.begun !== subject.ended) {
    if (performance.now() > deadline) {
      const left = await subject.connections();
      throw new Error(
        `${subject.name}: ${left} connections are left, and ${subject.begun - subject.ended} requests without an end`,
      );
    }
    await sleep(20);
  }
}
