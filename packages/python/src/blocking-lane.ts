import { DuplexSocket, FixedBuffer } from '@gunicorn-ts/posix';
import { ChildGoneError } from './errors.ts';
import {
  FRAME,
  LENGTH_AT,
  MAX_DATA,
  MAX_WHOLE,
  NO_REQUEST,
  PREFIX_BYTES,
  REQUEST_AT,
  strayFrame,
  tooLong,
} from './frame.ts';
import { nextRequestNumber } from './request-number.ts';
import { RequestUpload, type WholeInput } from './request-upload.ts';

const BUFFER_BYTES = 128 * 1024;

/** Text in latin-1, as Node writes it without looking at its arguments. Not in Node's types. */
type Latin1Buffer = Buffer & { latin1Write(text: string, offset: number): number };

/**
 * A connection to the Python process on which the thread waits: the shortest way there and back, for a worker that
 * serves one request at a time.
 */
export class BlockingLane {
  readonly #socket: DuplexSocket;
  readonly #buffer: FixedBuffer = new FixedBuffer(BUFFER_BYTES);
  readonly #outgoing: FixedBuffer = new FixedBuffer(BUFFER_BYTES);
  #busy = false;
  #request = NO_REQUEST;
  #start = 0;
  #end = 0;
  #length = 0;
  #upload: RequestUpload | undefined;

  /**
   * @param fd a blocking socket
   * @param onWaiting see `DuplexSocket`
   */
  constructor(fd: number, onWaiting: () => void) {
    this.#socket = new DuplexSocket(fd, onWaiting);
  }

  /** Whether a request is on it whose response has not come to its end. */
  get busy(): boolean {
    return this.#busy;
  }

  /** A request is about to be sent: only its frames may come. */
  begin(): void {
    this.#busy = true;
    this.#request = nextRequestNumber();
  }

  /** The response is complete: nothing more may come of that request. */
  end(): void {
    this.#busy = false;
  }

  /** The descriptor is closed, and its number may soon stand for something else: nobody looks there any more. */
  retire(): void {
    this.#busy = true;
    this.#request = NO_REQUEST;
  }

  /** Bytes of the payload of the current frame that were not taken yet. */
  get length(): number {
    return this.#length;
  }

  /** Sends a short frame. */
  send(type: number, text: string): void {
    const { bytes } = this.#outgoing;
    if (text.length > BUFFER_BYTES - PREFIX_BYTES) {
      const long = Buffer.allocUnsafe(PREFIX_BYTES + text.length);
      writeFrame(long as Latin1Buffer, type, this.#request, text);
      this.#attempt(() => this.#socket.send(long));
      return;
    }
    const size = writeFrame(bytes as Latin1Buffer, type, this.#request, text);
    try {
      this.#socket.sendFixed(this.#outgoing, size);
    } catch (error) {
      throw new ChildGoneError(error);
    }
  }

  /** Takes the body that is sent while this side waits for the response. */
  sendBody(input: WholeInput): void {
    this.#upload = new RequestUpload(input, this.#request);
  }

  get upload(): RequestUpload | undefined {
    return this.#upload;
  }

  /**
   * Waits for the next frame and returns its type; its payload is {@link length} bytes.
   * @throws {StrayFrameError} for what is no frame of the request that is on the lane
   */
  next(): number {
    while (this.#end - this.#start < PREFIX_BYTES) this.#fill();
    const { bytes } = this.#buffer;
    const type = bytes[this.#start]!;
    const request = bytes.readUInt32BE(this.#start + REQUEST_AT);
    this.#length = bytes.readUInt32BE(this.#start + LENGTH_AT);
    const isInPlace = type === FRAME.log ? request === NO_REQUEST : this.#busy && request === this.#request;
    if (!isInPlace) throw strayFrame(type, request, this.#busy ? this.#request : undefined);
    if (this.#length > (type === FRAME.data ? MAX_DATA : MAX_WHOLE))
      throw tooLong(String.fromCharCode(type), this.#length);
    this.#start += PREFIX_BYTES;
    return type;
  }

  /** The whole payload, valid until the next call. */
  takeAll(): Buffer {
    const length = this.#length;
    if (length > BUFFER_BYTES) return this.#takeLong(length);
    while (this.#end - this.#start < length) this.#fill();
    return this.#take(length);
  }

  /** Some of the payload, as it arrives; valid until the next call. */
  takeSome(): Buffer {
    if (this.#start === this.#end) this.#fill();
    return this.#take(Math.min(this.#length, this.#end - this.#start));
  }

  /** Whether a frame has arrived; does not wait. */
  get hasArrived(): boolean {
    if (this.#start < this.#end) return true;
    this.#start = this.#end = 0;
    try {
      const count = this.#socket.receiveNow(this.#buffer, 0);
      this.#end = count ?? 0;
      return this.#end > 0;
    } catch {
      // Whoever uses the lane next is told.
      return false;
    }
  }

  /** Sends what is left of the body, which the process reads to its end in any case. */
  finishUpload(): void {
    const { upload } = this;
    if (upload !== undefined) this.#attempt(() => upload.flush(this.#socket));
    this.#upload = undefined;
  }

  #take(size: number): Buffer {
    const taken = this.#buffer.bytes.subarray(this.#start, this.#start + size);
    this.#start += size;
    this.#length -= size;
    return taken;
  }

  #takeLong(length: number): Buffer {
    const whole = Buffer.allocUnsafe(length);
    for (let filled = 0; filled < length;) filled += this.takeSome().copy(whole, filled);
    return whole;
  }

  #fill(): void {
    if (this.#start === this.#end) this.#start = this.#end = 0;
    else if (this.#start > 0) {
      this.#buffer.bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    let count: number;
    try {
      this.#upload?.advance(this.#socket);
      count = this.#socket.receive(this.#buffer, this.#end);
    } catch (error) {
      throw new ChildGoneError(error);
    }
    if (count === 0) throw new ChildGoneError(undefined);
    this.#end += count;
  }

  #attempt(effect: () => void): void {
    try {
      effect();
    } catch (error) {
      throw new ChildGoneError(error);
    }
  }
}

function writeFrame(into: Latin1Buffer, type: number, request: number, text: string): number {
  into[0] = type;
  into.writeUInt32BE(request, REQUEST_AT);
  into.writeUInt32BE(text.length, LENGTH_AT);
  into.latin1Write(text, PREFIX_BYTES);
  return PREFIX_BYTES + text.length;
}
