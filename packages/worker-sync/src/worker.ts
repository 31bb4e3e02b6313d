import { HttpRules } from '@gunicorn-ts/http';
import {
  cutOff,
  DEFAULT_LIMITS,
  DescriptorLoop,
  type Limits,
  serviceOf,
  type Engine,
} from '@gunicorn-ts/http-server';
import type { AccessRecord, RequestSummary, Worker, WorkerContext } from '@gunicorn-ts/interface';
import { ReadySet } from '@gunicorn-ts/posix';
import { Acceptor } from './acceptor.ts';
import { unsupportedSystemError } from './errors.ts';
import { HungAnswer } from './hung-answer.ts';
import { Reception } from './reception.ts';
import { ServingLoop } from './serving-loop.ts';
import { SecuredReception } from './secured-reception.ts';
import { summaryOf } from './summary.ts';
import { Turns } from './turns.ts';
import { refuseUpgrades } from './upgrade-refusal.ts';

interface Parts {
  readonly loop: ServingLoop;
  readonly engine: Engine;
  readonly turns: Turns;
  readonly acceptor: Acceptor;
  readonly queueLength: number;
}

/** The running sync worker, in the worker process. */
export class SyncWorker implements Worker {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Resolves when connections are being taken on every listener.
   * @throws {OperatorError} when the system lacks what this worker needs
   */
  static async start(context: WorkerContext): Promise<SyncWorker> {
    const { settings, listeners, log } = context;
    const { ready, descriptors } = createSets();
    const turns = new Turns(new HungAnswer(context.currentConnection, context.currentRequest), () =>
      ready.wake(),
    );
    const application = refuseUpgrades(context.application, log);
    const { service } = await serviceOf({
      context: { ...context, application },
      isAlone: true,
      gate: turns,
      upgrades: false,
    });
    const anyExpectation = application.kind === 'node' && application.server !== undefined;
    const rules = new HttpRules({ ...settings, anyExpectation });
    const front = SecuredReception.create(context, () => reception.engine);
    const acceptor = new Acceptor(listeners, ready, log);
    const reception: Reception = new Reception({
      engine: {
        // Behind TLS the header of the proxy has been read already.
        rules:
          front === undefined ? rules : new HttpRules({ ...settings, anyExpectation, proxyProtocol: 'off' }),
        service,
        limits: limitsOf(context),
      },
      acceptor,
      turns,
      places: settings.workerConnections,
      log,
      ...(front && { take: (taken) => front.take(taken) }),
    });
    const loop = new ServingLoop({ context, acceptor, front, reception, turns, ready, descriptors });
    loop.start();
    // The kernel lets one more in than it was asked to (somaxconn may make it fewer).
    const queueLength = (settings.backlog + 1) * listeners.length;
    return new SyncWorker({ loop, engine: reception.engine, turns, acceptor, queueLength });
  }

  stopTaking(): void {
    this.#parts.acceptor.limit(0);
  }

  drain(deadlineMs: number): Promise<void> {
    const { loop, queueLength } = this.#parts;
    return loop.drain(deadlineMs, queueLength);
  }

  cutOff(status: number): readonly AccessRecord[] {
    const { engine, turns } = this.#parts;
    return cutOff(engine, status, turns.answeredElsewhere);
  }

  inFlight(): readonly RequestSummary[] {
    const { current } = this.#parts.turns;
    return current === undefined ? [] : [summaryOf(current)];
  }
}

function createSets(): { ready: ReadySet; descriptors: DescriptorLoop } {
  try {
    const descriptors = DescriptorLoop.shared();
    if (descriptors === undefined) throw new Error('this Node.js does not show the functions of libuv');
    const ready = new ReadySet({ waits: true });
    ready.watch(descriptors.fd, 'read');
    return { ready, descriptors };
  } catch (error) {
    throw unsupportedSystemError(error);
  }
}

function limitsOf({ settings }: WorkerContext): Limits {
  const { headersTimeout, timeout } = settings;
  return {
    ...DEFAULT_LIMITS,
    headMs: headersTimeout * 1000,
    bodyMs: headersTimeout * 1000,
    writeMs: timeout * 1000,
    keepAliveMs: 0,
  };
}
