import type {
  Application,
  AsgiGateway,
  LoaderContext,
  WsgiHandler,
  WsgiInputMode,
} from '@gunicorn-ts/interface';
import { PythonAccessLog } from './access-log.ts';
import { type HeldRequests, LoopWatch } from './asgi/loop-watch.ts';
import { gatewayOptions } from './asgi/settings.ts';
import { blockingHandler, type BlockingService, logIdleLines } from './blocking-handler.ts';
import { BlockingLanes, type ChildLanes } from './child-lanes.ts';
import { EntryOutlet } from './entry-outlet.ts';
import { readyOf } from './first-word.ts';
import { forkProcess } from './forked-process.ts';
import { notPrepared } from './errors.ts';
import { type OnLoss, watchLosses } from './lane-loss.ts';
import { serviceMode, type ServiceMode } from './mode.ts';
import { passOnSignals } from './pass-on-signals.ts';
import { RunningRequests } from './running-requests.ts';
import { pythonSettings } from './settings.ts';
import { withoutListener } from './stacks-file.ts';
import { reportTimeouts } from './timeout-report.ts';

/** How often is looked for lines that a process without a request wrote, in milliseconds. */
const IDLE_LINES_EVERY_MS = 500;

/** In the worker: a process of Python for it, and how requests come there. */
export async function loadProcess(target: string, context: LoaderContext): Promise<Application> {
  const { log, reportFiles, giveUp, prepared, age, slot } = context;
  if (prepared === undefined) throw notPrepared(target);
  if (context.entries !== undefined && context.mode === 'serve')
    context.leadErrorLog(new EntryOutlet(prepared, context.entries));
  if (pythonSettings(context.settings).processes > 1)
    return (await import('./load-pool.ts')).loadPool(target, prepared, context);
  const served = await lanesFor(serviceMode(context), context);
  const { lanes, callFor, watch, running } = served;
  const access = new PythonAccessLog(context.settings);
  const parts = {
    lanes,
    log,
    onFiles: (files: readonly string[]) => reportFiles(files),
    onAccessAsked: (asked: boolean) => access.ask(asked),
    onPong: () => watch?.answered(),
  };
  const python = await forkProcess(prepared, { age, slot }, parts);
  const ready = await readyOf(python, parts.onFiles);
  access.begin(python.control, ready, served.giveUp);
  const { pid } = ready;
  log.debug(`Application: ${target} in Python ${ready.python} (pid: ${pid})`);
  passOnSignals(python);
  let isLeaving = false;
  let leaving: Promise<void> | undefined;
  const onLoss = watchLosses({ python, pid, log, giveUp, isLeaving: () => isLeaving });
  watch?.begin({
    python,
    pid,
    log,
    // What is answered from now on the process cannot tell its loggers of.
    giveUp: (reason) => {
      access.ask(false);
      giveUp(reason);
    },
    isLeaving: () => isLeaving,
  });
  if (running !== undefined) reportTimeouts(running, context.settings.requestTimeout, { python, pid, log });
  return {
    ...callFor(onLoss),
    ...(ready.access.enabled ? { accessLog: access } : {}),
    reopenLogs: () => python.control.reopenLogs(),
    setLogLevel: (level) => python.control.setLogLevel(level),
    process: {
      pid,
      stacksFd: python.stacksFd,
      tidyStacks: withoutListener,
      silentMs: () => watch?.silentMs ?? 0,
      isWatched: true,
      end: () => {
        isLeaving = true;
        return python.end();
      },
    },
    close: () => {
      isLeaving = true;
      leaving ??= python.leave();
      return leaving;
    },
  };
}

/** What the worker class calls. */
type Call =
  | { readonly kind: 'wsgi'; readonly handler: WsgiHandler; readonly input: WsgiInputMode }
  | { readonly kind: 'asgi'; readonly handler: AsgiGateway };

/** How requests come to the process, and who waits for the response: this thread, or the event loop. */
async function lanesFor(
  { lanes: count, program }: ServiceMode,
  { log, concurrency, settings, waiting }: LoaderContext,
): Promise<{
  readonly lanes: ChildLanes;
  callFor(onLoss: OnLoss): Call;
  /** Whether the process turns, where nobody else can see it. */
  readonly watch?: LoopWatch;
  /** Requests of which nobody else knows how long the application has them. */
  readonly running?: RunningRequests;
  /** Of a number: nobody wants the answer. */
  giveUp?(number: number): void;
}> {
  if (program === 'asgi') {
    // Here and below: only what this kind of application takes.
    const { Bus } = await import('./asgi/bus.ts');
    const bus = new Bus(gatewayOptions(settings));
    const callFor = (onLoss: OnLoss): Call => {
      bus.onLoss(onLoss);
      return { kind: 'asgi', handler: bus };
    };
    return { lanes: bus, callFor, watch: new LoopWatch(bus, settings.timeout) };
  }
  if (concurrency === 'one' && program === 'sync') {
    const lanes = new BlockingLanes(waiting);
    const callFor = (onLoss: OnLoss): Call => {
      const service: BlockingService = { lane: lanes.lane, log, onLoss };
      setInterval(() => logIdleLines(service), IDLE_LINES_EVERY_MS).unref();
      return { kind: 'wsgi', input: 'whole', handler: blockingHandler(service) };
    };
    return { lanes, callFor };
  }
  const { AsyncLanes, asyncHandler, LanePool } = await import('./async-service.ts');
  const lanes = new AsyncLanes(count, log);
  const running = new RunningRequests();
  const held: HeldRequests = {
    describe: () => running.describe(),
    giveUp: () => lanes.giveUp(),
  };
  const pool = new LanePool();
  const callFor = (onLoss: OnLoss): Call => {
    pool.join(lanes.lanes);
    for (const lane of lanes.lanes)
      lane.onLoss((loss) => {
        pool.lose(lane, loss);
        return onLoss(loss);
      });
    return { kind: 'wsgi', input: 'stream', handler: asyncHandler({ pool, log, onLoss, running }) };
  };
  // Under greenlets one that does not wait holds up all; a thread holds up itself.
  const watch = program === 'gevent' ? { watch: new LoopWatch(held, settings.timeout) } : {};
  return { lanes, callFor, running, giveUp: (number) => pool.giveUp(number), ...watch };
}
