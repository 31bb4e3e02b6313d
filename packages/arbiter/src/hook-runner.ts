import { type ArbiterFacade, HOOK_SIDE, type HookName, type Hooks } from '@gunicorn-ts/interface';
import { hookFailed } from './errors.ts';

/** Hooks of the arbiter's side that take only the arbiter. */
type PlainHook = 'onStarting' | 'whenReady' | 'onReload' | 'preExec' | 'onExit';

/** How long a hook may hold up a running server: the start of a worker, a reload, an upgrade, the end. */
const HOOK_PATIENCE_MS = 10_000;

/** A hook while the server starts: what it throws stops the start. */
export async function runStartHook(hooks: Hooks, name: PlainHook, server: ArbiterFacade): Promise<void> {
  try {
    await hooks[name]?.(server);
  } catch (error) {
    throw hookFailed(name, error);
  }
}

/** A hook of a running server: what it throws is logged, and the server lives; it goes on when the hook does not end. */
export async function runHook(server: ArbiterFacade, name: HookName, call: () => unknown): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    server.log.warning(
      `The hook ${name} has not ended after ${HOOK_PATIENCE_MS / 1000} s; going on without it`,
    );
    late.resolve();
  }, HOOK_PATIENCE_MS);
  try {
    await Promise.race([call(), late.promise]);
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    server.log.error(`Exception in hook ${name}: ${detail}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the configuration file must be loaded in worker processes as well, for the hooks it defines. */
export function hasWorkerHooks(hooks: Hooks): boolean {
  return (Object.keys(HOOK_SIDE) as HookName[]).some(
    (name) => HOOK_SIDE[name] === 'worker' && hooks[name] !== undefined,
  );
}
