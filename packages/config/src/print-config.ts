import type { LoadedSettings } from '@gunicorn-ts/interface';
import { renderSource } from './problem-text.ts';

/** A longer value pushes its own source to the right, and not that of all others. */
const WIDEST_VALUE = 36;

/**
 * The text of `--print-config`: for each setting its value, as it would stand in `gunicorn.conf.ts`, and
 * where it came from. Values of environment variables whose names look secret are masked.
 */
export function renderPrintConfig(loaded: LoadedSettings): string {
  const values: Readonly<Record<string, unknown>> = { ...loaded.settings, ...loaded.hooks };
  const rows = loaded.definitions.map(({ key }) => ({
    key,
    value: renderValue(key, values[key]),
    source: renderSource(loaded.sources[key] ?? { kind: 'default' }),
  }));
  const keyWidth = Math.max(...rows.map((row) => row.key.length));
  const valueWidth = Math.min(WIDEST_VALUE, Math.max(...rows.map((row) => row.value.length)));
  return rows
    .map((row) => `${row.key.padEnd(keyWidth)} = ${row.value.padEnd(valueWidth)}  # ${row.source}`)
    .join('\n');
}

/** A line of it, and where the value begins and ends: the source is what stands behind the last `#`. */
const LINE = /^(\w+) += (.*\S) +# (.*)$/;

/** Reads the text of `--print-config`, which another process has printed. What is no line of it is passed over. Pure. */
export function readPrintConfig(
  text: string,
): ReadonlyMap<string, { readonly value: string; readonly source: string }> {
  const lines = text.split('\n').map((line) => LINE.exec(line));
  return new Map(
    lines.flatMap((found) => (found ? [[found[1]!, { value: found[2]!, source: found[3]! }]] : [])),
  );
}

/** A value as it would stand in `gunicorn.conf.ts`; what looks secret is masked. */
export function renderValue(key: string, value: unknown): string {
  if (value === undefined) return 'undefined';
  if (typeof value === 'function') return value.name === '' ? '<function>' : `<${value.name}()>`;
  if (key === 'umask' && typeof value === 'number') return `0o${value.toString(8).padStart(3, '0')}`;
  if (Array.isArray(value)) return `[${value.map((item) => renderValue(key, item)).join(', ')}]`;
  if (typeof value === 'string') return `'${maskSecret(key, value).replaceAll("'", String.raw`\'`)}'`;
  return JSON.stringify(value) ?? String(value);
}

const SECRET_NAME = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL|AUTH|PRIVATE|DSN|_URL|_URI/i;

function maskSecret(key: string, value: string): string {
  const [name = ''] = value.split('=', 1);
  return key === 'rawEnv' && SECRET_NAME.test(name) ? `${name}=***` : value;
}
