import type { ExporterOption, ExporterOptions } from '@gunicorn-ts/interface';
import { optionError } from './errors.ts';

/** What all exporters of a container ask for. */
export const CONTAINER_OPTIONS: readonly ExporterOption[] = [
  { flag: '--port', value: 'PORT', help: "The application's port. [default: that of bind, or 8000]" },
  { flag: '--admin-port', value: 'PORT', help: 'Health and metrics. [default: that of adminBind, or 9000]' },
  {
    flag: '--memory',
    value: 'MB',
    help: 'Most memory of the container. [default: by workers and maxWorkerMemory]',
  },
];

/**
 * A whole number, the last one given.
 * @throws {OperatorError} `ERR_EXPORT_USAGE`
 */
export function numberOption(
  options: ExporterOptions,
  flag: string,
  { least, most, otherwise }: { readonly least: number; readonly most: number; readonly otherwise: number },
): number {
  const text = options.get(flag)?.at(-1);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw optionError(flag, text, `write a whole number from ${least} to ${most}`);
}

/**
 * A text that fits a pattern, the last one given.
 * @throws {OperatorError} `ERR_EXPORT_USAGE`
 */
export function textOption(
  options: ExporterOptions,
  flag: string,
  { pattern, like }: { readonly pattern: RegExp; readonly like: string },
): string | undefined {
  const text = options.get(flag)?.at(-1);
  if (text === undefined || pattern.test(text)) return text;
  throw optionError(flag, text, `write something like ${like}`);
}

/** A reference to an image, without a digest's exactness: what builders and registries refuse they refuse themselves. */
export const IMAGE: { readonly pattern: RegExp; readonly like: string } = {
  pattern: /^[a-z0-9][\w./:@-]*$/,
  like: 'registry.example/shop:1.4.0',
};
