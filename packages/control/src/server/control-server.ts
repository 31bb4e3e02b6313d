import { createServer, type Server, type Socket } from 'node:net';
import type { LifecycleMoment, LifecycleSubscriber } from '@gunicorn-ts/interface';
import type { Recorder } from '@gunicorn-ts/metrics';
import type { Rehearsal } from '../rehearsal.ts';
import { failed } from '../protocol/answer.ts';
import { encodeFrame } from '../protocol/frame.ts';
import { Chronicle } from './chronicle.ts';
import { Commands } from './commands.ts';
import { Connection } from './connection.ts';
import { FigureReader } from './server-figures.ts';
import { askerOf, type Right } from './rights.ts';
import { type Place, SocketFile } from './socket-file.ts';

/** At a time. Of them some are kept for those who may change something. */
const MOST_CLIENTS: Readonly<Record<Right, number>> = { control: 16, view: 8 };

/** Whoever has been quiet for so long leaves when another one comes and all places are taken. */
const LONG_QUIET_MS = 1000;

/** What answers are made of, beside the arbiter. Without one its commands say that there is none. */
export interface Sources {
  /** Reads what workers count. */
  readonly recorder?: () => Recorder | undefined;
  readonly rehearsal?: Rehearsal;
}

/**
 * Opens the control socket of an arbiter, and takes orders for it from now on. Where the settings name no place and none
 * can be used, there is no socket: nobody asked for one.
 * @throws OperatorError when the settings name a place that cannot be used
 */
export function openControl(place: Place, sources: Sources = {}): LifecycleSubscriber {
  const why: string[] = [];
  const file =
    place.path === undefined ? SocketFile.anywhere(place, why) : SocketFile.named(place.path, place);
  if (file === undefined) {
    return (moment) => {
      if (moment.moment !== 'starting') return;
      moment.arbiter.log.debug(`There is no control socket, for want of a place: ${why.join('; ')}`);
    };
  }
  const server = new ControlServer(file, place, sources);
  return (moment) => server.tell(moment);
}

class ControlServer {
  readonly #file: SocketFile;
  readonly #place: Place;
  readonly #chronicle: Chronicle = new Chronicle();
  readonly #commands: Commands;
  readonly #server: Server;
  readonly #clients: Map<Connection, Right> = new Map();
  readonly #remove: () => void;

  constructor(file: SocketFile, place: Place, { recorder, rehearsal }: Sources) {
    this.#file = file;
    this.#place = place;
    this.#commands = new Commands(this.#chronicle, new FigureReader(recorder), rehearsal);
    this.#remove = () => file.remove();
    this.#server = createServer((socket) => this.#welcome(socket));
    // Neither the arbiter's business nor its end.
    this.#server.on('error', () => {});
    this.#server.listen({ fd: file.fd }).unref();
    process.once('exit', this.#remove);
  }

  tell(moment: LifecycleMoment): void {
    this.#chronicle.tell(moment);
    if (moment.moment === 'starting') moment.arbiter.log.debug(`Control socket at ${this.#file.path}`);
    if (moment.moment === 'promoted' && this.#place.path !== undefined) this.#file.takeName(this.#place.path);
    this.#commands.tell(moment);
    if (moment.moment === 'stopped') this.#close();
  }

  #welcome(socket: Socket): void {
    socket.unref();
    const asker = askerOf(socket, this.#place.mode);
    if (!this.#makeRoomFor(asker.right)) {
      socket.on('error', () => {});
      socket.end(encodeFrame(failed(0, 'too many clients at a time')));
      socket.resume();
      setTimeout(() => socket.destroy(), 1000).unref();
      return;
    }
    const connection = Connection.serve(socket, (request, from) =>
      this.#commands.handle(request, from, asker),
    );
    this.#clients.set(connection, asker.right);
    socket.on('close', () => this.#clients.delete(connection));
  }

  /** @returns whether there is room: where all places are taken, when somebody has been quiet for long, who leaves */
  #makeRoomFor(right: Right): boolean {
    const alike = [...this.#clients].filter(([, its]) => right === 'control' || its === 'view');
    if (alike.length < MOST_CLIENTS[right]) return true;
    const [quietest] = alike
      .map(([connection]) => connection)
      .filter(({ quietMs }) => quietMs >= LONG_QUIET_MS)
      .sort((a, b) => b.quietMs - a.quietMs);
    if (quietest === undefined) return false;
    this.#clients.delete(quietest);
    quietest.yield();
    return true;
  }

  /** Connections go with the process: their end tells those who wait that it is gone. */
  #close(): void {
    this.#server.close();
    this.#remove();
    process.off('exit', this.#remove);
  }
}
