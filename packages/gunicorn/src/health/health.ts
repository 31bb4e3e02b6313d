import { EXIT_CODE, messageWithCode, OperatorError } from '@gunicorn-ts/interface';
import type { Io } from '../io.ts';
import { ask, askedAddress } from './ask.ts';
import { healthUsage, noAdminListener } from './errors.ts';
import { readHealthWords } from './words.ts';

/**
 * `gunicorn health`: asks the admin listener, for `HEALTHCHECK` of Docker and for probes that run a command. The exit code
 * is 0 when all is well, 1 when it is not or nobody answers, 2 when the words are wrong.
 */
export async function main([, ...argv]: readonly string[], io: Io): Promise<number> {
  try {
    const words = readHealthWords(argv, io.env);
    const bind = words.adminBind ?? (await configuredBind(words.rest, io.env));
    if (bind === undefined) throw noAdminListener();
    const address = askedAddress(bind);
    if (address === undefined) throw healthUsage(`--admin-bind is no address: ${bind}`);
    const { status, body } = await ask(address, words.path, words.timeoutMs);
    const isGood = status === 200;
    io[isGood ? 'stdout' : 'stderr'].write(`${reasonIn(body) ?? `status ${status}`}\n`);
    return isGood ? EXIT_CODE.ok : EXIT_CODE.failure;
  } catch (error) {
    const isOurs = OperatorError.is(error);
    io.stderr.write(`${isOurs ? messageWithCode(error) : (error as Error).message}\n`);
    return isOurs ? error.exitCode : EXIT_CODE.failure;
  }
}

/** Not loaded when the address was given: a probe is asked every few seconds. */
async function configuredBind(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { readAdminBind } = await import('./configured-bind.ts');
  return readAdminBind(argv, env);
}

function reasonIn(body: string): string | undefined {
  try {
    const { reason } = JSON.parse(body) as { reason?: unknown };
    return typeof reason === 'string' ? reason : undefined;
  } catch {
    return undefined;
  }
}
