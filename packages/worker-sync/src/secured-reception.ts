import { Socket } from 'node:net';
import { type Engine, FrontedSockets, TlsFront } from '@gunicorn-ts/http-server';
import type { WorkerContext } from '@gunicorn-ts/interface';
import { closeDescriptor } from '@gunicorn-ts/posix';
import { canBeMapped, nameByIpv4 } from '@gunicorn-ts/transport';
import type { Taken } from './acceptor.ts';
import { faultOfConnection } from './errors.ts';

/** Takes connections that speak TLS. Their handshakes go on beside the request that is served. */
export class SecuredReception {
  readonly #context: WorkerContext;
  readonly #front: TlsFront;
  /** Those that are not HTTP yet. */
  readonly fronted: FrontedSockets = new FrontedSockets();

  /**
   * `undefined` when the settings name no certificate.
   * @param engine serves what comes out
   */
  static create(context: WorkerContext, engine: () => Engine): SecuredReception | undefined {
    const front = TlsFront.create(context, {
      serveStream(stream, ends, socket) {
        if (socket !== undefined) reception.fronted.delete(socket);
        engine().serveStream(stream, ends);
      },
      refuseSocket(socket, error) {
        reception.fronted.delete(socket);
        engine().refuseStream(socket, error);
      },
    });
    if (front === undefined) return undefined;
    const reception = new SecuredReception(context, front);
    return reception;
  }

  private constructor(context: WorkerContext, front: TlsFront) {
    this.#context = context;
    this.#front = front;
  }

  /** Begins a handshake. At the limit, the one that has lasted longest makes room. */
  take({ accepted, listener }: Taken): void {
    const { settings, log } = this.#context;
    const { fronted } = this;
    if (fronted.size >= settings.workerConnections) fronted.oldest?.destroy();
    let socket: Socket;
    try {
      socket = new Socket({ fd: accepted.fd, readable: true, writable: true, allowHalfOpen: true });
    } catch (error) {
      log.error(faultOfConnection(error));
      closeDescriptor(accepted.fd);
      return;
    }
    if (canBeMapped(listener)) nameByIpv4(socket);
    fronted.add(socket);
    socket.on('error', () => {});
    this.#front.receive(socket);
  }
}
