/**
 * `pnpm wheel [--platform NAME…|all] [--output FOLDER]`: writes the wheels, after a build. Without a platform, that of
 * this machine.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWheel } from './build-wheel.ts';
import { platformHere } from './platform-here.ts';
import { PLATFORMS } from './platform.ts';

const { values } = parseArgs({
  options: {
    platform: { type: 'string', multiple: true, default: [] },
    output: { type: 'string', default: 'dist' },
  },
});
const epoch = process.env['SOURCE_DATE_EPOCH'];
const wanted = values.platform.length === 0 ? [platformHere()] : values.platform;
const names = wanted.includes('all') ? Object.keys(PLATFORMS) : wanted;
mkdirSync(values.output, { recursive: true });
for (const name of names) {
  const wheel = buildWheel(name, epoch === undefined || epoch === '' ? undefined : Number(epoch));
  const path = join(resolve(values.output), wheel.name);
  writeFileSync(path, wheel.data);
  process.stdout.write(`${path}\n`);
}
