import { HttpRules, ResponseHeadWriter } from '@gunicorn-ts/http';
import type { AccessRecord, Logger, RequestSummary, Worker, WorkerContext } from '@gunicorn-ts/interface';
import { ReadySet } from '@gunicorn-ts/posix';
import { BodyStore } from '@gunicorn-ts/wsgi';
import { Acceptor } from './acceptor.ts';
import { serviceFor } from './application-kind.ts';
import { Clock } from './clock.ts';
import { unsupportedSystemError } from './errors.ts';
import { HungAnswer } from './hung-answer.ts';
import { ParkingLot } from './parking-lot.ts';
import { Reception } from './reception.ts';
import { Refusals } from './refusals.ts';
import { RequestReader } from './request-reader.ts';
import type { Service } from './service.ts';
import { ServingLoop } from './serving-loop.ts';
import { TlsFront } from './tls-front.ts';
import { Watch } from './watch.ts';

interface Parts {
  readonly loop: ServingLoop;
  readonly service: Service;
  readonly acceptor: Acceptor;
}

/** The running sync worker, in the worker process. */
export class SyncWorker implements Worker {
  readonly #loop: ServingLoop;
  readonly #service: Service;
  readonly #acceptor: Acceptor;
  readonly #queueLength: number;

  private constructor({ loop, service, acceptor }: Parts, queueLength: number) {
    this.#loop = loop;
    this.#service = service;
    this.#acceptor = acceptor;
    this.#queueLength = queueLength;
  }

  /**
   * Resolves when connections are being taken on every listener.
   * @throws {OperatorError} when the system lacks what this worker needs
   */
  static async start(context: WorkerContext): Promise<SyncWorker> {
    const { settings, listeners, log } = context;
    const { watch, ready } = createSets(log);
    const writer = new ResponseHeadWriter(settings.serverHeader);
    const clock = new Clock();
    const hung = new HungAnswer(context.currentConnection, context.currentRequest);
    const service = await serviceFor(context, { writer, hung, watch, clock });
    const refusals = new Refusals(context, writer, watch);
    const reader = new RequestReader();
    const lot = new ParkingLot({
      watch,
      reader,
      refusals,
      places: settings.workerConnections,
      patienceMs: settings.headersTimeout > 0 ? settings.headersTimeout * 1000 : Infinity,
    });
    const acceptor = new Acceptor(listeners, ready, log);
    const rules = new HttpRules(settings);
    const front = TlsFront.create({ context, rules, acceptor, onSecured: () => ready.wake() });
    const reception = new Reception({
      making: {
        // Behind TLS the header of the proxy has been read already.
        rules: front === undefined ? rules : new HttpRules({ ...settings, proxyProtocol: 'off' }),
        store: new BodyStore(settings.limitSpooledBodies),
        records: context.application.kind === 'node',
      },
      source: front ?? acceptor,
      reader,
      lot,
      refusals,
    });
    const loop = new ServingLoop({ context, acceptor, front, reception, lot, service, watch, ready, clock });
    loop.start();
    // The kernel lets one more in than it was asked to (somaxconn may make it fewer).
    return new SyncWorker({ loop, service, acceptor }, (settings.backlog + 1) * listeners.length);
  }

  stopTaking(): void {
    this.#acceptor.limit(0);
  }

  drain(deadlineMs: number): Promise<void> {
    return this.#loop.drain(deadlineMs, this.#queueLength);
  }

  cutOff(status: number): readonly AccessRecord[] {
    return this.#service.cutOff(status);
  }

  inFlight(): readonly RequestSummary[] {
    return this.#service.inFlight();
  }
}

function createSets(log: Logger): { watch: Watch; ready: ReadySet } {
  try {
    const watch = new Watch(log);
    const ready = new ReadySet({ waits: true });
    ready.watch(watch.fd, 'read');
    return { watch, ready };
  } catch (error) {
    throw unsupportedSystemError(error);
  }
}
