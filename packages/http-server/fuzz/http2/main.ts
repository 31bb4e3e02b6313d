// Has random clients of HTTP/2 talk to node:http2 and to this package, to applications of both kinds and over both
// transports, and stops at the first that shows a fault: another answer to a proper client than Node's, frames that are
// none, an exception, a connection or a request that stays, or a server that serves nobody any more.
//
//   pnpm fuzz http2 [--count N | --seconds N] [--seed N]

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createNodeServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunningServer, startServing } from '../../test/application.ts';
import { cleartext } from '../../test/http2-client.ts';
import { answer, respond } from '../behaviour.ts';
import { beginRun, print } from '../run.ts';
import { type Heard, hear, type StreamAnswer } from './client.ts';
import { type Conversation, converse, type StreamWish } from './conversation.ts';

const run = beginRun(2000);
const { seed, random } = run;

/** Clients that talk at the same time. */
const AT_A_TIME = 32;
/** How long the last connections have to go. */
const FAREWELL_MS = 30_000;

interface Subject {
  readonly name: string;
  readonly port: number;
  readonly running: RunningServer;
}

process.on('uncaughtException', (error) => {
  print(`seed ${seed}: an exception got out after ${done} conversations`);
  print(error.stack ?? String(error));
  process.exitCode = 1;
  throw error;
});

const oracle = createNodeServer((request, response) =>
  answer(request as unknown as IncomingMessage, response as unknown as ServerResponse),
);
oracle.on('sessionError', () => undefined);
oracle.listen(0, '127.0.0.1');
await once(oracle, 'listening');
const { port: oraclePort } = oracle.address() as AddressInfo;
const subjects: readonly Subject[] = [
  await begin('node, descriptors', await startServing({ kind: 'node', handler: answer }, cleartext({}))),
  await begin(
    'node, streams',
    await startServing({ kind: 'node', handler: answer }, cleartext({}, { transport: 'stream' })),
  ),
  await begin('fetch, descriptors', await startServing({ kind: 'fetch', handler: respond }, cleartext({}))),
];
let done = 0;
let reported = 0;

while (run.goesOn(done)) {
  const batch = Array.from({ length: AT_A_TIME }, () => converse(random));
  await Promise.all(batch.map(compare));
  done += batch.length;
  if (done - reported < 500) continue;
  reported = done;
  for (const subject of subjects) await checkLeftovers(subject);
  print(`${done} conversations, ${run.elapsed()}`);
}
for (const subject of subjects) {
  await checkLeftovers(subject);
  await subject.running.server.drain(0);
}
print(`${done} conversations in ${run.elapsed()}, each with ${subjects.map(({ name }) => name).join('; ')}`);
process.exit();

async function begin(name: string, running: RunningServer): Promise<Subject> {
  return { name, port: running.port, running };
}

async function compare(conversation: Conversation): Promise<void> {
  const [expected, ...heard] = await Promise.all(
    [oraclePort, ...subjects.map(({ port }) => port)].map((port) => hear(port, conversation)),
  );
  for (const [index, one] of heard.entries()) {
    const fault = faultOf(conversation, expected, one);
    if (fault === undefined) continue;
    print(`seed ${seed}, ${subjects[index]!.name}: ${fault}`);
    print(JSON.stringify(conversation.streams));
    print(
      conversation.pieces
        .map((piece) => piece.toString('hex'))
        .join(' | ')
        .slice(0, 4000),
    );
    print(`node:http2 said ${expected?.frames.join(', ')}`);
    print(`it said ${one?.frames.join(', ')}`);
    for (const line of subjects[index]!.running.logged.slice(-5)) print(JSON.stringify(line));
    throw new Error(fault);
  }
}

function faultOf(
  { isProper, streams }: Conversation,
  expected: Heard | undefined,
  heard: Heard | undefined,
): string | undefined {
  if (heard?.fault !== undefined) return heard.fault;
  if (heard === undefined || expected === undefined) return undefined;
  if (!isProper) return undefined;
  for (const wish of streams) {
    const [theirs, mine] = [expected, heard].map(({ streams: answers }) => answers.get(wish.stream));
    if (!isSame(wish, theirs, mine))
      return `stream ${wish.stream}: ${JSON.stringify(mine)}, not ${JSON.stringify(theirs)}`;
  }
  return undefined;
}

function isSame({ path, isReset }: StreamWish, theirs?: StreamAnswer, mine?: StreamAnswer): boolean {
  // What has left before that is a matter of time. A machine that is busy may have kept Node from saying anything.
  if (isReset || theirs === undefined) return true;
  if (path.startsWith('/destroy/')) return mine !== undefined && mine.end !== 'none';
  // Node resets a stream in place of its end, when the connection's window was exhausted at the wrong moment.
  if (theirs?.end === 'reset' && mine?.end === 'end')
    return mine.head === theirs.head && mine.bytes >= theirs.bytes;
  return JSON.stringify(theirs) === JSON.stringify(mine);
}

async function checkLeftovers({ name, running }: Subject): Promise<void> {
  const { engine } = running.server;
  const deadline = performance.now() + FAREWELL_MS;
  while (engine.connections.size > 0) {
    if (performance.now() > deadline) {
      const stages = [...engine.connections].map(({ stage }) => stage).join(', ');
      throw new Error(`${name}: ${engine.connections.size} connections are left: ${stages}`);
    }
    await sleep(20);
  }
  const errors = running.logged.filter(({ level }) => level === 'error' || level === 'critical');
  const strange = errors.find(({ message }) => !message.includes('breaks off'));
  if (strange !== undefined) throw new Error(`${name}: ${strange.message}`);
  running.logged.length = 0;
  running.finished.length = 0;
}
