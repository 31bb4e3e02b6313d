import { openWire, type Transport } from '@gunicorn-ts/http-server';
import type {
  AsgiCall,
  AsgiGateway,
  AsgiRequest,
  AsgiResponse,
  AsgiSocketCall,
  AsgiSocketOptions,
  AsgiSocketResponse,
} from '@gunicorn-ts/interface';
import type { ChildLanes } from '../child-lanes.ts';
import { ChildGoneError, StrayFrameError } from '../errors.ts';
import { arrived, FrameReader, MAX_WHOLE } from '../frame.ts';
import type { OnLoss } from '../lane-loss.ts';
import { BusStream, type StreamHost } from './bus-stream.ts';
import { BusWebSocket } from './bus-websocket.ts';
import { FrameWriter } from './frame-writer.ts';
import { requestFlags, requestText } from './request-text.ts';
import { TlsSlots } from './tls-slots.ts';

/** Streams are numbered with 32 bits. */
const MOST_STREAMS = 0xffff_ffff;
/** How much of the time for a drain goes by before calls are told that they should come to their end. */
const FAREWELL_PART = 0.8;
const MOST_DESCRIBED = 50;
const LONGEST_NAME = 200;
const TOO_LARGE = { status: 431, headers: [['Content-Type', 'text/plain']] } as const;

/** The connection to the Python process that carries all requests at the same time. Lives in the worker. */
export class Bus implements ChildLanes, AsgiGateway, StreamHost {
  readonly count = 1;
  readonly namesForwardedClient: boolean;
  readonly websocket: AsgiSocketOptions;
  readonly #streams = new Map<number, BusStream>();
  readonly #tls: TlsSlots = new TlsSlots();
  #wire: Transport | undefined;
  #writer: FrameWriter | undefined;
  #last = 0;
  #loss: ChildGoneError | undefined;
  #onLoss: OnLoss | undefined;
  #drain: PromiseWithResolvers<void> | undefined;
  /** Settled when what ran at the end is over. */
  #retired: PromiseWithResolvers<void> | undefined;

  constructor({ namesForwardedClient, websocket }: Pick<Bus, 'namesForwardedClient' | 'websocket'>) {
    this.namesForwardedClient = namesForwardedClient;
    this.websocket = websocket;
  }

  /** Requests that were begun. */
  get served(): number {
    return this.#last;
  }

  /** Requests that have not ended. */
  get running(): number {
    return this.#streams.size;
  }

  get writer(): FrameWriter {
    return this.#writer!;
  }

  connected([fd]: readonly number[]): void {
    const wire = openWire(fd!);
    this.#wire = wire;
    this.#writer = new FrameWriter(wire);
    const reader = new FrameReader((type, payload, stream) => this.#arrive(type, payload, stream));
    wire.owner = {
      onData: (bytes, length) => {
        try {
          reader.push(arrived(bytes, length));
        } catch (error) {
          this.#lose(error instanceof ChildGoneError ? error : new StrayFrameError('what cannot be read'));
          wire.destroy();
        }
      },
      onEnd: () => wire.destroy(),
      onDrain: () => this.#goOn(),
      onClose: () => this.#lose(new ChildGoneError(undefined)),
    };
    wire.start();
  }

  /** Told when the bus is of no use any more. */
  onLoss(listener: OnLoss): void {
    this.#onLoss = listener;
    if (this.#loss !== undefined) void listener(this.#loss);
  }

  call(request: AsgiRequest, response: AsgiResponse): AsgiCall {
    const stream = new BusStream(this, this.#nextId(), request, response);
    const isBegun = this.#begin('Q', stream, request);
    if (isBegun && request.stream !== undefined && !request.head.expectsContinue) void stream.sendBody();
    return stream;
  }

  connect(request: AsgiRequest, response: AsgiSocketResponse): AsgiSocketCall {
    const stream = new BusWebSocket(this, this.#nextId(), request, response);
    this.#begin('W', stream, request);
    return stream;
  }

  ended(stream: number): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0) this.#retired?.resolve();
  }

  /** Those that wait for an answer, the oldest first, in words. */
  describe(): readonly string[] {
    const now = performance.now();
    const streams = [...this.#streams.values()].slice(0, MOST_DESCRIBED);
    return streams.map(
      ({ name, startedAt }) => `${name.slice(0, LONGEST_NAME)} (${((now - startedAt) / 1000).toFixed(1)} s)`,
    );
  }

  /** The process hangs: those who wait are answered for it. */
  giveUp(): void {
    this.#loss ??= new ChildGoneError(undefined);
    for (const stream of this.#streams.values()) stream.lose(this.#loss, 504);
  }

  leave(deadlineMs: number): void {
    if (this.#loss !== undefined) return;
    const times = Buffer.alloc(8);
    times.writeUInt32BE(Math.round(deadlineMs * FAREWELL_PART));
    times.writeUInt32BE(Math.round(deadlineMs), 4);
    this.writer.bytes('T', 0, times);
  }

  /**
   * The process is replaced while the worker serves on: WebSockets are told to come again, streams to end, and what is
   * left after `deadlineMs` is cut. Resolves when nothing runs any more.
   */
  async retire(deadlineMs: number): Promise<void> {
    const retired = Promise.withResolvers<void>();
    this.#retired = retired;
    this.leave(deadlineMs);
    for (const stream of this.#streams.values()) stream.dismiss();
    if (this.#streams.size === 0) return;
    const cut = setTimeout(() => this.#lose(new ChildGoneError(undefined)), deadlineMs);
    await retired.promise;
    clearTimeout(cut);
  }

  get isRetired(): boolean {
    return this.#retired !== undefined;
  }

  writable(): Promise<void> | undefined {
    if (this.#wire === undefined || this.#wire.pending === 0 || this.#loss !== undefined) return undefined;
    return (this.#drain ??= Promise.withResolvers()).promise;
  }

  close(): void {
    this.#wire?.destroy();
  }

  #nextId(): number {
    this.#last = this.#last === MOST_STREAMS ? 1 : this.#last + 1;
    return this.#last;
  }

  /** False when it was answered at once. */
  #begin(type: 'Q' | 'W', stream: BusStream, request: AsgiRequest): boolean {
    const text = requestText(request, this.#tlsSlot(request));
    if (text.length >= MAX_WHOLE) {
      stream.response.respond(TOO_LARGE, Buffer.from('Request Header Fields Too Large'));
      return false;
    }
    this.#streams.set(stream.id, stream);
    if (this.#loss === undefined) {
      this.writer.text(type, stream.id, requestFlags(request), text);
      return true;
    }
    void this.#answerLost(stream);
    return false;
  }

  /** Where the process finds what TLS agreed upon, of which it is told once. */
  #tlsSlot({ client: { tls } }: AsgiRequest): number | undefined {
    if (tls === undefined || this.#loss !== undefined) return undefined;
    const { slot, news } = this.#tls.place(tls);
    if (news !== undefined) this.writer.bytes('S', 0, Buffer.from(news));
    return slot;
  }

  #arrive(type: string, payload: Buffer, id: number): void {
    const stream = this.#streams.get(id);
    if (stream !== undefined) stream.take(type, payload);
    // Else it has ended while this was on its way.
    else if (id === 0 || id > this.#last)
      throw new StrayFrameError(`a frame ${JSON.stringify(type)} of stream ${id}, which there never was`);
  }

  #lose(loss: ChildGoneError): void {
    if (this.#loss !== undefined) return;
    this.#loss = loss;
    this.#goOn();
    const lost = [...this.#streams.values()];
    const told = this.#onLoss?.(loss);
    void (async () => {
      await told;
      for (const stream of lost) stream.lose(loss);
    })();
  }

  /** Not before the worker has stopped to take connections: the client will come again. */
  async #answerLost(stream: BusStream): Promise<void> {
    await this.#onLoss?.(this.#loss!);
    stream.lose(this.#loss!);
  }

  #goOn(): void {
    this.#drain?.resolve();
    this.#drain = undefined;
  }
}
