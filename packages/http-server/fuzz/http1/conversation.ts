import { BEHAVIOURS } from '../behaviour.ts';
import { cut, pick, type Random } from '../random.ts';

/** What a client does on one connection. */
export interface Conversation {
  readonly pieces: readonly Buffer[];
  /** How it leaves before it was answered; `undefined` when it waits for the server to close. */
  readonly leaves: 'end' | 'reset' | undefined;
  /** Whether its bytes are HTTP as it should be: then every server has to say the same. */
  readonly isProper: boolean;
}

/** A client of a random mind: a few requests, in random cuts, some of which are broken, or broken off. */
export function converse(random: Random): Conversation {
  const count = 1 + pick(random, 4);
  const requests = Array.from({ length: count }, (_, index) => request(random, index === count - 1));
  const isProper = random() < 0.8;
  const text = Buffer.from(requests.join(''), 'latin1');
  const bytes = isProper ? text : broken(text, random);
  const leaves = random() < 0.3 ? (random() < 0.5 ? 'reset' : 'end') : undefined;
  const sent = leaves === undefined ? bytes : bytes.subarray(0, pick(random, bytes.length + 1));
  return { pieces: cut(sent, random), leaves, isProper };
}

function request(random: Random, isLast: boolean): string {
  const behaviour = BEHAVIOURS[pick(random, BEHAVIOURS.length)]!;
  const method = random() < 0.5 ? 'GET' : random() < 0.8 ? 'POST' : 'HEAD';
  const version = random() < 0.9 ? '1.1' : '1.0';
  const connection = isLast ? 'close' : version === '1.0' ? 'keep-alive' : '';
  const head = [
    `${method} /${behaviour}/${pick(random, 4)}/${pick(random, 2000)} HTTP/${version}`,
    'Host: x',
    ...(connection === '' ? [] : [`Connection: ${connection}`]),
    ...Array.from({ length: pick(random, 4) }, (_, index) => `X-${index}: ${'v'.repeat(pick(random, 40))}`),
  ];
  if (method !== 'POST') return `${head.join('\r\n')}\r\n\r\n`;
  const body = 'b'.repeat(pick(random, random() < 0.1 ? 200_000 : 300));
  if (version === '1.0' || random() < 0.5) {
    return `${head.join('\r\n')}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  }
  const half = pick(random, body.length + 1);
  const chunks = [body.slice(0, half), body.slice(half)].filter((chunk) => chunk !== '');
  const framed = chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('');
  return `${head.join('\r\n')}\r\nTransfer-Encoding: chunked\r\n\r\n${framed}0\r\n\r\n`;
}

function broken(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let changes = 1 + pick(random, 3); changes > 0; changes--) {
    // Heads are short: what is changed is mostly at the beginning.
    const at = pick(random, random() < 0.7 ? Math.min(copy.length, 120) : copy.length);
    copy[at] = random() < 0.5 ? pick(random, 256) : 0x20;
  }
  return copy;
}
