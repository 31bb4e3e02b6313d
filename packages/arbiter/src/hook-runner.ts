import { type ArbiterFacade, HOOK_SIDE, type HookName, type Hooks } from '@gunicorn-ts/interface';
import { hookFailed } from './errors.ts';

/** Hooks of the arbiter's side that take only the arbiter. */
type PlainHook = 'onStarting' | 'whenReady' | 'onReload' | 'preExec' | 'onExit';

/** A hook while the server starts: what it throws stops the start. */
export async function runStartHook(hooks: Hooks, name: PlainHook, server: ArbiterFacade): Promise<void> {
  try {
    await hooks[name]?.(server);
  } catch (error) {
    throw hookFailed(name, error);
  }
}

/** A hook of a running server: what it throws is logged, and the server lives. */
export async function runHook(server: ArbiterFacade, name: HookName, call: () => unknown): Promise<void> {
  try {
    await call();
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    server.log.error(`Exception in hook ${name}: ${detail}`);
  }
}

/** Whether the configuration file must be loaded in worker processes as well, for the hooks it defines. */
export function hasWorkerHooks(hooks: Hooks): boolean {
  return (Object.keys(HOOK_SIDE) as HookName[]).some(
    (name) => HOOK_SIDE[name] === 'worker' && hooks[name] !== undefined,
  );
}
