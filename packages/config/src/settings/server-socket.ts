import { parseBind } from '../bind.ts';
import { defineSection, type Definitions } from '../definition.ts';
import { texts, wholeNumber, yesOrNo } from '../value.ts';

/** The kernel keeps the length of the queue in 16 bits on some systems and clamps it to `somaxconn` on all. */
const LONGEST_BACKLOG = 65_535;

function bindList(value: unknown): readonly string[] {
  const entries = texts(value);
  if (entries.length === 0) throw new TypeError('must hold at least one address');
  entries.forEach(parseBind);
  return entries;
}

export const serverSocketSettings: Definitions<'bind' | 'backlog' | 'reusePort'> = defineSection(
  'Server Socket',
  {
    bind: {
      describe:
        'Where to listen: `HOST`, `HOST:PORT`, `[v6]:PORT`, `:PORT`, `unix:PATH`, `fd://N` or `fd://NAME`; several are allowed. A name is bound at all its addresses, and `[::]` for IPv4 as well, unless another entry has an IPv4 address on that port.',
      default: (env) => bindList(env['PORT'] ? `0.0.0.0:${env['PORT']}` : '127.0.0.1:8000'),
      defaultText: '`127.0.0.1:8000`, or `0.0.0.0:$PORT` when the environment has `PORT`',
      parse: bindList,
      flag: { names: ['--bind'], short: '-b', kind: 'repeatable', metavar: 'ADDRESS' },
      example: `['127.0.0.1:8000', '[::1]:8000']`,
    },
    backlog: {
      describe: "Length of the kernel's queue of connections that no worker has taken yet.",
      default: 2048,
      parse: (value) => {
        const length = wholeNumber(1)(value);
        if (length > LONGEST_BACKLOG)
          throw new TypeError(`must be at most ${LONGEST_BACKLOG}, not ${length}`);
        return length;
      },
      flag: { names: ['--backlog'], kind: 'value', metavar: 'INT' },
      example: '2048',
    },
    reusePort: {
      describe:
        'Give each worker a listening socket of its own (`SO_REUSEPORT`). Spreads connections most evenly, but a stuck worker delays its share of them. Linux only.',
      default: false,
      parse: yesOrNo,
      flag: { names: ['--reuse-port'], kind: 'switch' },
      takesEffect: 'restart',
      example: 'true',
    },
  },
);
