import { join } from 'node:path';
import type { ApplicationKind, WorkerClass } from '@gunicorn-ts/interface';
import type { ExecutionContext, TestFn } from 'ava';
import { Server, type ServerOptions, startServer } from '../server.ts';

/** The worker class that the suite is run against. */
export interface Subject {
  /** The value of `--worker-class`: a name, a package, or an absolute path. */
  readonly select: string;
  /** What the worker class says of itself. */
  readonly serves: WorkerClass['serves'];
  /**
   * The kind of application that the suite uses. Without it: the first that is served, and of all others is tried whether
   * they are served or refused.
   */
  readonly kind?: ApplicationKind;
  /** Flags that it needs. */
  readonly args?: readonly string[];
}

/** Starts the server with this worker class and the suite's application. */
export function startSubject(
  t: ExecutionContext,
  subject: Subject,
  options: ServerOptions & { kind?: ApplicationKind } = {},
): Promise<Server> {
  return startServer(t, optionsOf(subject, options));
}

/** One server for tests that need no flags of their own and leave it as it was. */
export type SharedServer = (t: ExecutionContext) => Promise<Server>;

/** It starts with the first test that asks for it, and ends behind the last test of the file. */
export function shareSubject(test: TestFn, subject: Subject): SharedServer {
  let shared: Server | undefined;
  let starting: Promise<void> | undefined;
  test.after.always('the shared server ends', async () => {
    await shared?.remove();
  });
  return async (t) => {
    const server = (shared ??= new Server(optionsOf(subject, {})));
    t.teardown(() => {
      if (!t.passed) t.log(server.log());
    });
    await (starting ??= server.started('answering'));
    return server;
  };
}

function optionsOf(subject: Subject, options: ServerOptions & { kind?: ApplicationKind }): ServerOptions {
  const { kind = usedKind(subject), args = [], ...rest } = options;
  // Seen from the one file that a build makes of this package.
  const app = join(import.meta.dirname, `apps/${kind}.js`);
  const flags = ['--worker-class', subject.select, ...(subject.args ?? []), ...args];
  return { ...rest, args: [...flags, app] };
}

/** The kind that the suite uses. */
export function usedKind({ kind: chosen, serves: { kinds } }: Subject): ApplicationKind {
  const kind = chosen ?? kinds[0];
  if (kind === undefined) throw new Error('A worker class has to serve at least one kind of application');
  return kind;
}
