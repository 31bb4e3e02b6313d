import { listAt } from './finding.ts';

/** What the arguments of a server say of the things that other members of its manifest must agree with. */
export interface ServerArguments {
  readonly workers: number;
  readonly shutdownDelay: number;
  readonly gracefulTimeout: number;
  /** Bytes; 0 is no limit. */
  readonly maxWorkerMemory: number;
  readonly hasAdmin: boolean;
  /** Seconds; `undefined` when the settings in the image say so, or nobody. */
  readonly keepalive: number | undefined;
}

const BYTES: Readonly<Record<string, number>> = { '': 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 };

/** Of a container; what is not said there is taken for the default of the server. */
export function serverArguments(container: unknown): ServerArguments {
  const args = listAt(container, 'args').map(String);
  const number = (flag: string, otherwise: number): number => {
    const text = valueOf(args, flag);
    return text !== undefined && Number.isFinite(Number(text)) ? Number(text) : otherwise;
  };
  const [, digits = '0', unit = ''] =
    /^(\d+)([kmg]b)?$/i.exec(valueOf(args, '--max-worker-memory') ?? '') ?? [];
  return {
    workers: number('--workers', 1),
    shutdownDelay: number('--shutdown-delay', 0),
    gracefulTimeout: number('--graceful-timeout', 30),
    maxWorkerMemory: Number(digits) * (BYTES[unit.toLowerCase()] ?? 1),
    hasAdmin: valueOf(args, '--admin-bind') !== undefined,
    keepalive: valueOf(args, '--keep-alive') === undefined ? undefined : number('--keep-alive', 0),
  };
}

function valueOf(args: readonly string[], flag: string): string | undefined {
  const attached = args.findLast((word) => word.startsWith(`${flag}=`));
  if (attached !== undefined) return attached.slice(flag.length + 1);
  const index = args.lastIndexOf(flag);
  return index === -1 ? undefined : args[index + 1];
}
