import type {
  Application,
  ApplicationProcess,
  AsgiGateway,
  LoaderContext,
  Settings,
  WsgiHandler,
} from '@gunicorn-ts/interface';
import { PythonAccessLog } from './access-log.ts';
import { Bus } from './asgi/bus.ts';
import { BusDesk } from './asgi/bus-desk.ts';
import { BusPool } from './asgi/bus-pool.ts';
import { gatewayOptions } from './asgi/settings.ts';
import { asyncHandler } from './async-handler.ts';
import { type Desk, LaneDesk } from './desk.ts';
import { ChildGoneError } from './errors.ts';
import { LanePool } from './lane-pool.ts';
import { serviceMode, type ServiceMode } from './mode.ts';
import type { Member } from './pool-member.ts';
import { passOnSignals } from './pass-on-signals.ts';
import { type MemberLimits, ProcessPool } from './process-pool.ts';
import { RunningRequests } from './running-requests.ts';
import { pythonSettings } from './settings.ts';
import { withoutListener } from './stacks-file.ts';

/** Loads an application that several Python processes serve behind this worker. */
export async function loadPool(
  target: string,
  prepared: string,
  context: LoaderContext,
): Promise<Application> {
  const { log, reportFiles, giveUp, age, slot, mode, settings } = context;
  const serves = serviceMode(context);
  const { timeout, requestTimeout, gracefulTimeout } = settings;
  const access = new PythonAccessLog(settings);
  const reception = receptionFor(serves, context);
  const pool = await ProcessPool.start({
    prepared,
    age,
    workerSlot: slot,
    desk: reception.desk,
    timeout,
    requestTimeout,
    gracefulTimeout,
    log,
    giveUp: (reason) => {
      reception.close();
      giveUp(reason);
    },
    // To try whether it loads, one will do.
    count: mode === 'check' ? 1 : pythonSettings(settings).processes,
    limits: limitsOf(settings, serves.program),
    onFiles: reportFiles,
    onAccessAsked: (asked) => access.ask(asked),
  });
  const [first] = pool.members;
  const pids = pool.members.map(({ pid }) => pid).join(', ');
  log.debug(`Application: ${target} in Python ${first?.ready.python} (pids: ${pids})`);
  const each = (act: (python: (typeof pool.all)[number]['python']) => void): void => {
    for (const { python } of pool.all) act(python);
  };
  passOnSignals({
    interrupt: () => each((python) => python.interrupt()),
    abort: () => each((python) => python.abort()),
  });
  const tell = (record: Readonly<Record<string, unknown>>): boolean =>
    pool.members.some(({ python }) => python.control.tell(record));
  const isLogEnabled = first?.ready.access.enabled === true;
  if (first !== undefined) access.begin({ tell }, first.ready, reception.giveUp);
  let leaving: Promise<void> | undefined;
  return {
    ...reception.call,
    ...(isLogEnabled ? { accessLog: access } : {}),
    reopenLogs: () => each((python) => python.control.reopenLogs()),
    setLogLevel: (level) => each((python) => python.control.setLogLevel(level)),
    renewsItself: true,
    process: {
      // What retires answers still, and may hang.
      members: () => pool.all.map(askable),
      isWatched: true,
      end: () => pool.end(),
    },
    close: () => {
      leaving ??= pool.leave();
      return leaving;
    },
  };
}

/** Who gives requests to the processes, and what the worker class calls. */
interface Reception {
  readonly call:
    | { readonly kind: 'wsgi'; readonly handler: WsgiHandler; readonly input: 'stream' }
    | { readonly kind: 'asgi'; readonly handler: AsgiGateway };
  desk(): Desk;
  /** Of a number: nobody wants the answer. */
  giveUp?(number: number): void;
  /** There is no process any more, nor will there be. */
  close(): void;
}

function receptionFor({ program, lanes }: ServiceMode, { log, settings }: LoaderContext): Reception {
  if (program === 'asgi') {
    const spoken = gatewayOptions(settings);
    const buses = new BusPool(spoken);
    return {
      call: { kind: 'asgi', handler: buses },
      desk: () => new BusDesk(buses, new Bus(spoken), settings.gracefulTimeout * 1000),
      close: () => buses.close(new ChildGoneError(undefined)),
    };
  }
  const pool = new LanePool();
  // Who waits for a process that has ended has nothing more to wait for: the others serve on.
  const onLoss = (): Promise<void> => Promise.resolve();
  return {
    call: {
      kind: 'wsgi',
      handler: asyncHandler({ pool, log, onLoss, running: new RunningRequests() }),
      input: 'stream',
    },
    desk: () => new LaneDesk(pool, { lanes, isLoop: program === 'gevent' }, log),
    giveUp: (number) => pool.giveUp(number),
    close: () => pool.close(new ChildGoneError(undefined)),
  };
}

/** What can be asked where it stands. */
function askable(member: Member): ReturnType<NonNullable<ApplicationProcess['members']>>[number] {
  const { pid, python } = member;
  return { pid, stacksFd: python.stacksFd, tidyStacks: withoutListener, silentMs: () => member.silentMs };
}

function limitsOf(settings: Readonly<Settings>, program: ServiceMode['program']): MemberLimits {
  const { maxRequests, maxRequestsJitter, maxWorkerMemory, timeout } = settings;
  return {
    requests: maxRequests > 0 ? maxRequests : Infinity,
    jitter: maxRequestsJitter,
    rssBytes: maxWorkerMemory > 0 ? maxWorkerMemory : Infinity,
    // One thread of several that waits is no hang, in Gunicorn neither.
    hangMs: program === 'sync' && timeout > 0 ? timeout * 1000 : Infinity,
  };
}
