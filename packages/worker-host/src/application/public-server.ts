import type { ListenAddress } from '@gunicorn-ts/interface';
import type { WantedAddress } from './wanted-address.ts';

/** By what the public server of an application with several is known. */
export interface PublicMarks {
  /** What the environment says. */
  readonly port: number | undefined;
  /** Where the arbiter listens. */
  readonly addresses: readonly ListenAddress[];
}

/** Why a server is the public one; `undefined` when nothing marks it as that. */
export function markOf(wanted: WantedAddress, { port, addresses }: PublicMarks): string | undefined {
  if (wanted.path !== undefined) {
    const isBound = addresses.some((one) => one.kind === 'unix' && one.path === wanted.path);
    return isBound ? 'its path is bound' : undefined;
  }
  if (wanted.port === undefined || wanted.port === 0) return undefined;
  if (wanted.port === port) return `its port is PORT, ${port}`;
  const isBound = addresses.some((one) => one.kind === 'tcp' && one.port === wanted.port);
  return isBound ? `its port, ${wanted.port}, is bound` : undefined;
}

/** `PORT` of the environment, when it is a number. */
export function portOf(env: NodeJS.ProcessEnv): number | undefined {
  const text = env['PORT'] ?? '';
  return /^\d{1,5}$/.test(text) && Number(text) > 0 ? Number(text) : undefined;
}
