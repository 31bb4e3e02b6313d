import { readPythonSettings } from '@gunicorn-ts/config';
import type { ArbiterFacade, Hooks, PrepareContext, Prepared, Settings } from '@gunicorn-ts/interface';
import { EntryOutlet } from './entry-outlet.ts';
import type { Interpreter } from './interpreter.ts';
import { Master, type MasterOptions } from './master.ts';
import { serviceMode } from './mode.ts';
import { ConfigMaster } from './read-config.ts';
import { asgiOptions } from './asgi/settings.ts';
import { pythonSettings } from './settings.ts';

/**
 * For the Node.js side of workers: what a request makes there is garbage when it is answered, and a young generation that
 * may grow to 16 MB does not pay for what it takes.
 */
const NODE_FLAGS = ['--max-semi-space-size=1'];
/** In front of ASGI many requests are open at a time: in 1 MB each collection finds them all alive, and copies them. */
const ASGI_NODE_FLAGS = ['--max-semi-space-size=4'];

/** Starts the master of a generation, or goes on with the one that has run its configuration file. */
export async function prepareMaster(
  target: string,
  context: PrepareContext,
  found: Interpreter,
): Promise<Prepared> {
  const { log, definitions, mode, settings } = context;
  const { processes } = pythonSettings(settings);
  const isAsgi = serviceMode(context).program === 'asgi';
  const read = context.configProcess instanceof ConfigMaster ? context.configProcess : undefined;
  const interpreter = read?.process.interpreter ?? found;
  const options = masterOptions(target, context, read?.path);
  const master = new Master({ interpreter, process: read?.process }, options, context);
  const { pid, python, executable, files, entries } = await master.open();
  const errorLog = new EntryOutlet(master.address, entries ?? undefined);
  const isPreloaded = settings.preloadApp;
  log[mode === 'check' ? 'debug' : 'info'](
    `Using Python ${python}: ${executable} (${interpreter.chosenBy}; master pid: ${pid})`,
  );
  if (isPreloaded) log.info('The application is preloaded');
  return {
    loader: 'python',
    address: master.address,
    get pid() {
      return master.pid;
    },
    nodeFlags: isAsgi ? ASGI_NODE_FLAGS : NODE_FLAGS,
    files,
    begin: async (server) => {
      await errorLog.written();
      const changes = { ...(await master.hook('on_starting', factsOf(server))), ...(await master.tls()) };
      return Object.keys(changes).length === 0 ? undefined : readPythonSettings(changes, definitions);
    },
    hooks: hooksOf(master),
    abort: (age) => master.abort(age),
    expect: ({ age, slot }) => {
      // Several for a worker find their places when they are asked for.
      if (processes === 1) master.expect(age, slot);
    },
    ended: (age) => master.forsake(age),
    reopenLogs: () => master.reopenLogs(),
    setLogLevel: (level) => master.setLogLevel(level),
    errorLog,
    close: async () => {
      await errorLog.close();
      await master.close();
    },
  };
}

/** They are called whether the file has them or not: the master learns what `server` is to say. */
function hooksOf(master: Master): Hooks {
  return {
    whenReady: async (server) =>
      void (await master.hook('when_ready', factsOf(server), [], withNothing(server.settings))),
    onReload: async (server) => void (await master.hook('on_reload', factsOf(server))),
    preExec: async (server) => void (await master.hook('pre_exec', factsOf(server))),
    onExit: async (server) => void (await master.hook('on_exit', factsOf(server))),
    nworkersChanged: async (server, now, before) =>
      void (await master.hook('nworkers_changed', factsOf(server), [now, before ?? null])),
  };
}

function factsOf({ pid, numWorkers, listeners }: ArbiterFacade): Readonly<Record<string, unknown>> {
  return { pid, numWorkers, listeners: listeners.map(({ url, address }) => ({ url, address })) };
}

function masterOptions(
  target: string,
  context: PrepareContext,
  conf: string | undefined,
): MasterOptions & { readonly conf?: string } {
  const { settings, cwd, identity, mode } = context;
  const { pythonpath, pythonConfig } = pythonSettings(settings);
  const file = conf ?? pythonConfig;
  return {
    target,
    mode: serviceMode(context).program,
    check: mode === 'check',
    preload: settings.preloadApp,
    pythonpath,
    chdir: cwd,
    multiprocess: settings.workers > 1,
    reload: settings.reload,
    asgi: asgiOptions(settings),
    ...(identity === undefined ? {} : { identity }),
    ...(settings.captureOutput && settings.errorlog !== '-' ? { output: settings.errorlog } : {}),
    ...(file === undefined ? {} : { conf: file }),
    server: { pid: process.pid, numWorkers: settings.workers },
    settings: withNothing(settings),
  };
}

/** JSON leaves out what is not set, and a hook that looks at it is to see that. */
function withNothing(settings: Readonly<Settings>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, value ?? null]));
}
