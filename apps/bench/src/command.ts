import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { NotInstalled } from './peer.ts';

/**
 * What a program prints of itself, standard error included: nginx writes its version there.
 * @throws {NotInstalled} when there is no such program
 */
export async function printedBy(program: string, ...flags: readonly string[]): Promise<string> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, flags);
    return `${stdout}${stderr}`.trim();
  } catch (error) {
    const { code, stdout, stderr } = error as NodeJS.ErrnoException & { stdout?: string; stderr?: string };
    if (code === 'ENOENT') throw new NotInstalled(`${program} is not installed`);
    // wrk prints its version and calls that a failure.
    return `${stdout ?? ''}${stderr ?? ''}`.trim();
  }
}
