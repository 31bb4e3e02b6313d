import { join } from 'node:path';
import type { ApplicationKind, WorkerClass } from '@gunicorn-ts/interface';
import type { ExecutionContext } from 'ava';
import { startServer, type Server, type ServerOptions } from '../server.ts';

/** The worker class that the suite is run against. */
export interface Subject {
  /** The value of `--worker-class`: a name, a package, or an absolute path. */
  readonly select: string;
  /** What the worker class says of itself. */
  readonly serves: WorkerClass['serves'];
  /** Flags that it needs. */
  readonly args?: readonly string[];
}

/** Starts the server with this worker class and the suite's application. */
export function startSubject(
  t: ExecutionContext,
  subject: Subject,
  options: ServerOptions & { kind?: ApplicationKind } = {},
): Promise<Server> {
  const { kind = firstKind(subject), args = [], ...rest } = options;
  // Seen from the one file that a build makes of this package.
  const app = join(import.meta.dirname, `apps/${kind}.js`);
  const flags = ['--worker-class', subject.select, ...(subject.args ?? []), ...args];
  return startServer(t, { ...rest, args: [...flags, app] });
}

function firstKind({ serves: { kinds } }: Subject): ApplicationKind {
  const [kind] = kinds;
  if (kind === undefined) throw new Error('A worker class has to serve at least one kind of application');
  return kind;
}
