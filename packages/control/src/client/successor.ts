import { existsSync } from 'node:fs';
import { pidOfSocket } from '../folders.ts';
import type { Greeting } from '../status.ts';
import { candidates } from './candidates.ts';
import { Session } from './session.ts';

/** A server that was asked who it is. */
export interface Greeted {
  readonly session: Session;
  readonly greeting: Greeting;
}

/** A server that does not answer is not waited for any longer. */
const GREETING_MS = 2000;

/** Who answers there. */
export async function greet(session: Session): Promise<Greeted> {
  try {
    return { session, greeting: await session.ask<Greeting>('hello', {}, GREETING_MS) };
  } catch (error) {
    session.close();
    throw error;
  }
}

/** The second server of an upgrade; `undefined` as long as it cannot be spoken to. */
export async function openSuccessor(
  pid: number,
  { path, env }: { readonly path: string; readonly env: NodeJS.ProcessEnv },
): Promise<Session | undefined> {
  const named = `${path}.2`;
  const found = candidates(env).find((one) => pidOfSocket(one) === pid);
  const socket = found ?? (existsSync(named) ? named : undefined);
  return socket === undefined ? undefined : Session.open(socket).catch(() => undefined);
}

/**
 * The server that has the service of one that has just ended: it knows it as its parent until it has noticed, and has its
 * name afterwards.
 * @param successor its process id, where the first one has told it
 */
export async function findHeir(
  { session: { path }, greeting: { pid } }: Greeted,
  env: NodeJS.ProcessEnv,
  successor?: number,
): Promise<Greeted | undefined> {
  const asked = [`${path}.2`, path, ...candidates(env)].map(async (socket) => {
    const other = await Session.open(socket)
      .then(greet)
      .catch(() => undefined);
    if (other === undefined) return undefined;
    const { greeting } = other;
    const isNext = greeting.parentPid === pid || greeting.pid === successor || socket === path;
    const isHeir = greeting.pid !== pid && isNext;
    if (!isHeir) other.session.close();
    return isHeir ? other : undefined;
  });
  const [heir, ...more] = (await Promise.all(asked)).filter((one) => one !== undefined);
  for (const { session } of more) session.close();
  return heir;
}
