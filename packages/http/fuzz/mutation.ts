/** Texts that parsers have stumbled over. */
const TOKENS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '_',
  '-',
  '+',
  '0',
  '0\r\n\r\n',
  '\r\n\r\n',
  '\r\n ',
  'ffffffffffffffff',
  '9007199254740993',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  'Connection: close\r\n',
  'Expect: 100-continue\r\n',
  'X-Forwarded-Proto: https\r\n',
  'Forwarded: for="[::1]";proto=https\r\n',
  'PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  '\x80',
  '\xff',
].map((text) => Buffer.from(text, 'latin1'));

/** Longer inputs show nothing new and take time from those that do. */
const LONGEST = 20_000;

/** Changes a few things about a sample; now and then it goes on as another one. */
export function mutate(sample: Buffer, samples: readonly Buffer[], random: () => number): Buffer {
  let bytes = sample;
  if (random() < 0.2) bytes = splice(bytes, pick(samples, random), random);
  const changes = Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) bytes = pick(CHANGES, random)(bytes, random);
  return bytes.length > LONGEST ? bytes.subarray(0, LONGEST) : bytes;
}

type Change = (bytes: Buffer, random: () => number) => Buffer;

const CHANGES: readonly Change[] = [
  function flip(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[index(copy, random)]! ^= 1 << Math.floor(random() * 8);
    return copy;
  },
  function overwrite(bytes, random) {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[index(copy, random)] = Math.floor(random() * 256);
    return copy;
  },
  function insert(bytes, random) {
    const at = index(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), pick(TOKENS, random), bytes.subarray(at)]);
  },
  function remove(bytes, random) {
    const at = index(bytes, random);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + Math.floor(random() * 8))]);
  },
  function repeat(bytes, random) {
    const at = index(bytes, random);
    const piece = bytes.subarray(at, at + 1 + Math.floor(random() * 40));
    const copies = Array.from({ length: 1 + Math.floor(random() ** 4 * 200) }, () => piece);
    return Buffer.concat([bytes.subarray(0, at), ...copies, bytes.subarray(at)]);
  },
  function truncate(bytes, random) {
    return bytes.subarray(0, index(bytes, random));
  },
  function move(bytes, random) {
    const at = index(bytes, random);
    const piece = bytes.subarray(at, at + 1 + Math.floor(random() * 40));
    const rest = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + piece.length)]);
    const to = index(rest, random);
    return Buffer.concat([rest.subarray(0, to), piece, rest.subarray(to)]);
  },
];

function splice(left: Buffer, right: Buffer, random: () => number): Buffer {
  return Buffer.concat([left.subarray(0, index(left, random)), right.subarray(index(right, random))]);
}

/** Half of the time behind a line end: changes inside the request line alone would rarely get past it. */
function index(bytes: Buffer, random: () => number): number {
  const at = Math.floor(random() * bytes.length);
  return random() < 0.5 ? at : bytes.indexOf('\n', at) + 1 || at;
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}
