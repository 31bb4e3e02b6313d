import { PARENT_VARIABLE } from '@gunicorn-ts/arbiter';
import type { LifecycleSubscriber, Settings } from '@gunicorn-ts/interface';
import type { Sources } from '@gunicorn-ts/control';

/**
 * Opens the control socket, unless the settings want none.
 * @throws OperatorError when it cannot be opened where they name a place for it
 */
export async function joinControl(
  settings: Readonly<Settings>,
  env: NodeJS.ProcessEnv,
  sources: Sources,
): Promise<readonly LifecycleSubscriber[]> {
  if (settings.controlSocketDisable) return [];
  const { openControl } = await import('@gunicorn-ts/control');
  const { controlSocket, controlSocketMode, procName, app } = settings;
  const place = {
    path: controlSocket,
    mode: controlSocketMode,
    name: procName ?? app ?? 'gunicorn',
    isSecond: env[PARENT_VARIABLE] === String(process.ppid),
    env,
  };
  return [openControl(place, sources)];
}
