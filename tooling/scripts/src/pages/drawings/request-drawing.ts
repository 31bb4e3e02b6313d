import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../workspace.ts';
import { arrow, box, drawing, note, turn } from './svg.ts';

/** The folders of the engine in the order in which a request comes through them, and what each does with it. */
const STAGES: readonly (readonly [folder: string, ...does: readonly [string, string]])[] = [
  ['listen', 'takes a connection from', 'the kernel’s queue'],
  ['loop', 'is told by one epoll set', 'when a descriptor is ready'],
  ['transport', 'reads and writes: a', 'descriptor, or a stream (TLS)'],
  ['connection', 'one request at a time:', 'head, body, deadlines'],
  ['http2', 'a stream as a connection', 'with one request'],
  ['application', 'gate, limits, drain;', 'refusals and time-outs'],
  ['kinds', 'node, fetch, wsgi, asgi:', 'the application is called'],
  ['observe', 'access record, counters,', 'diagnostics'],
];
/** Doors to the engine, which no request passes. */
const DOORS: readonly string[] = ['server'];

const WIDTH = 204;
const HEIGHT = 72;
const COLUMNS = 4;
const GAP = 36;

/**
 * The way of a request through the folders of http-server.
 * @throws Error when the folders are others: the way is no longer the one that is drawn
 */
export function drawLifeOfRequest(): string {
  const there = readdirSync(join(ROOT, 'packages/http-server/src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const drawn = [...STAGES.map(([folder]) => folder), ...DOORS];
  const wrong = [...there, ...drawn].filter((name) => !there.includes(name) || !drawn.includes(name));
  if (wrong.length > 0)
    throw new Error(`packages/http-server/src and request-drawing.ts differ: ${wrong.join(', ')}`);
  const at = (index: number): { x: number; y: number } => ({
    x: 16 + (index % COLUMNS) * (WIDTH + GAP),
    y: 54 + Math.floor(index / COLUMNS) * (HEIGHT + 52),
  });
  const parts = STAGES.flatMap(([folder, ...does], index) => {
    const { x, y } = at(index);
    const here = box({ x, y, width: WIDTH, height: HEIGHT, lines: [`${folder}/`, ...does], look: 'main' });
    if (index === STAGES.length - 1) return [here];
    const next = at(index + 1);
    if (next.y === y)
      return [here, arrow({ x: x + WIDTH, y: y + HEIGHT / 2 }, { x: next.x - 2, y: y + HEIGHT / 2 })];
    return [here, turn({ x: x + WIDTH / 2, y: y + HEIGHT }, { x: next.x + WIDTH / 2, y: next.y - 2 })];
  });
  return drawing(
    'Life of a request, in the folders of packages/http-server/src',
    { width: 968, height: 296 },
    [...parts, note({ x: 16, y: 278 }, 'The answer goes back the same way; the arbiter never sees either.')],
  );
}
