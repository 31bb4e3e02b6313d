import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the examples of this repository are. */
export const EXAMPLES: string = join(import.meta.dirname, '../../../../examples');

/** An example, and what verify has to know of it beside the words that start it. */
export interface Example {
  readonly name: string;
  readonly flags: readonly string[];
  readonly needs?: 'python' | 'asgi' | 'certificate';
}

/** They answer nothing at `/`. */
const USER = { flags: ['--path=/users/7'] };

const PARTICULAR: Readonly<Record<string, Omit<Example, 'name'>>> = {
  express: USER,
  fastify: USER,
  h3: USER,
  hono: USER,
  nest: USER,
  django: { flags: ['--path=/'], needs: 'python' },
  flask: { flags: [], needs: 'python' },
  fastapi: { flags: ['--path=/items/7', '--websocket=/echo'], needs: 'asgi' },
  'python-wsgi': { flags: [], needs: 'python' },
  tls: { flags: [], needs: 'certificate' },
  websocket: { flags: ['--websocket=/echo'] },
};

/** Every folder that is started by the command. */
export function examples(): readonly Example[] {
  return readdirSync(EXAMPLES, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, ...(PARTICULAR[name] ?? { flags: [] }) }));
}

/** The words of its `start` behind `gunicorn`. */
export function startWords(name: string): readonly string[] {
  const text = readFileSync(join(EXAMPLES, name, 'package.json'), 'utf8');
  const { scripts } = JSON.parse(text) as { scripts?: { start?: string } };
  const [command, ...words] = (scripts?.start ?? '').split(' ');
  if (command !== 'gunicorn') throw new Error(`examples/${name} is not started by gunicorn`);
  return words.map((word) => word.replaceAll("'", ''));
}
