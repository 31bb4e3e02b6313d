import type { Application, Loader, LoaderContext, WsgiHandler, WsgiInputMode } from '@gunicorn-ts/interface';
import { asyncHandler } from './async-handler.ts';
import { blockingHandler } from './blocking-handler.ts';
import { AsyncLanes, BlockingLanes } from './child-lanes.ts';
import type { FirstWord } from './control-lane.ts';
import { applicationMissing, endedWhileLoading, importFailed } from './errors.ts';
import { checkVersion, findInterpreter, type Interpreter, type InterpreterPlace } from './interpreter.ts';
import { LanePool } from './lane-pool.ts';
import { serviceMode, type ServiceMode } from './mode.ts';
import { type ProgramOptions, PythonProcess } from './python-process.ts';
import { recognise } from './recognise.ts';
import { pythonDefinitions, pythonSettings } from './settings.ts';

/** Loads WSGI applications written in Python: a Python process for each worker, which serves its requests. */
export const loader: Loader = {
  name: 'python',
  interfaceVersion: 1,
  settings: pythonDefinitions,

  chooseWorkerClass(settings) {
    const { threads = 1, workerClass } = settings as { threads?: number; workerClass?: string };
    if (threads <= 1 || workerClass !== 'sync') return undefined;
    return {
      workerClass: 'gthread',
      because: `threads is ${threads}: the worker class is gthread, since sync serves one request at a time`,
    };
  },

  recognise(target, context) {
    const { pythonpath } = pythonSettings(context.settings);
    return Promise.resolve(recognise(target, placeOf(context), pythonpath));
  },

  load,
};

async function load(target: string, context: LoaderContext): Promise<Application> {
  const interpreter = findInterpreter(placeOf(context));
  const mode = serviceMode(context);
  const { lanes, input, handlerFor } = lanesFor(mode, context);
  const python = new PythonProcess(interpreter, programOptions(target, mode, context), {
    lanes,
    log: context.log,
    onFiles: (files) => context.reportFiles(files),
  });
  const word = await python.firstWord;
  if (word.kind !== 'ready') throw await failureOf(word, { python, interpreter, context });
  context.reportFiles(word.files);
  checkVersion(interpreter, word.python);
  const { pid } = python.facts;
  context.log.debug(`Application: ${target} in Python ${word.python} (pid: ${pid})`);
  let isLeaving = false;
  const dealtWith = python.ended.then((end) => {
    if (!isLeaving) context.giveUp(`The Python process (pid: ${pid}) ${end}`);
  });
  return {
    kind: 'wsgi',
    handler: handlerFor(dealtWith),
    input,
    process: python.facts,
    close: () => {
      isLeaving = true;
      return python.leave();
    },
  };
}

/** How requests come to the process, and who waits for the response: this thread, or the event loop. */
function lanesFor(
  { lanes: count, program }: ServiceMode,
  { log, concurrency }: LoaderContext,
): {
  readonly lanes: BlockingLanes | AsyncLanes;
  readonly input: WsgiInputMode;
  handlerFor(ended: Promise<unknown>): WsgiHandler;
} {
  if (concurrency === 'one' && program === 'sync') {
    const lanes = new BlockingLanes();
    const { lane } = lanes;
    return { lanes, input: 'whole', handlerFor: (ended) => blockingHandler({ lane, log, ended }) };
  }
  const lanes = new AsyncLanes(count, log);
  const handlerFor = (ended: Promise<unknown>): WsgiHandler =>
    asyncHandler({ pool: new LanePool(lanes.lanes), log, ended });
  return { lanes, input: 'stream', handlerFor };
}

function programOptions(target: string, { program }: ServiceMode, context: LoaderContext): ProgramOptions {
  const { settings, cwd, age } = context;
  const { pythonpath, logConfig, logConfigJson, logConfigDict, pythonConfig } = pythonSettings(settings);
  return {
    target,
    mode: program,
    pythonpath,
    chdir: cwd,
    multiprocess: settings.workers > 1,
    reload: settings.reload,
    age,
    logLevel: settings.loglevel,
    ...(logConfig === undefined ? {} : { logConfig }),
    ...(logConfigJson === undefined ? {} : { logConfigJson }),
    ...(logConfigDict === undefined ? {} : { logConfigDict }),
    ...(pythonConfig === undefined ? {} : { conf: pythonConfig }),
    settings,
  };
}

function placeOf({ cwd, settings }: LoaderContext): InterpreterPlace {
  return { cwd, env: process.env, interpreter: pythonSettings(settings).python };
}

interface Failed {
  readonly python: PythonProcess;
  readonly interpreter: Interpreter;
  readonly context: LoaderContext;
}

async function failureOf(
  word: Exclude<FirstWord, { kind: 'ready' }>,
  { python, interpreter, context }: Failed,
): Promise<Error> {
  const end = await python.ended;
  if (word.kind === 'silent') {
    checkVersion(interpreter);
    return endedWhileLoading(end);
  }
  const { kind, message, traceback, searched, files } = word.failure;
  context.reportFiles(files ?? []);
  return kind === 'import-error' ? importFailed(message, traceback) : applicationMissing(message, searched);
}
