import { launchFolder } from '@gunicorn-ts/config';
import { verifyPackageMissing } from './errors.ts';
import { type Io, reporting } from './io.ts';
import { takeProgram } from './launcher.ts';
import { locatePackage } from './installed-package.ts';

/** What the command uses of `@gunicorn-ts/verify`. */
interface VerifyPackage {
  runVerify(
    argv: readonly string[],
    io: Omit<Io, 'env'> & {
      readonly program: {
        readonly words: readonly string[];
        readonly env: NodeJS.ProcessEnv;
        readonly cwd: string;
      };
    },
  ): Promise<number>;
}

/** `gunicorn verify …`: a copy of the server under load, and what becomes of it. Returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  return reporting(io, async () => {
    const cwd = launchFolder(io.env);
    const { runVerify } = await verifier(cwd);
    const env = { ...io.env };
    const { words } = takeProgram([env], cwd);
    return runVerify(argv.slice(1), { ...io, program: { words, env, cwd } });
  });
}

/** A server needs none of it, and may be installed without. */
async function verifier(cwd: string): Promise<VerifyPackage> {
  const url = locatePackage('@gunicorn-ts/verify', cwd);
  if (url === undefined) throw verifyPackageMissing();
  return (await import(url)) as VerifyPackage;
}
