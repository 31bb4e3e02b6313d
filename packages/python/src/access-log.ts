import type { AccessRecord, ApplicationLog, Settings, WsgiEnviron } from '@gunicorn-ts/interface';
import type { ControlLane, Ready } from './control-lane.ts';

/** In an environ: the process has begun to answer, and tells its loggers of the request by itself. */
const TOLD = 'gunicorn-ts.told';

/** Headers that filters look at, and that are told without being named by the format. */
const USUAL_HEADERS = ['host', 'referer', 'traceparent', 'user-agent', 'x-forwarded-for', 'x-request-id'];

/** In an environ: the number that the request has on its lane. */
const NUMBER = 'gunicorn-ts.number';

/** The request has begun under this number: of two that tell of it, its loggers hear one. */
export function markNumber(environ: WsgiEnviron, number: number): void {
  environ[NUMBER] = number;
}

export function markTold(environ: WsgiEnviron): void {
  environ[TOLD] = 1;
}

/** The process is gone: what it did not tell yet, it never will. */
export function unmarkTold(environ: WsgiEnviron): void {
  delete environ[TOLD];
}

/** The access log of an application whose loggers may want the records. Lives in the worker process. */
export class PythonAccessLog implements ApplicationLog {
  readonly #requestHeaders: readonly string[];
  readonly #responseHeaders: readonly string[];
  #control: Pick<ControlLane, 'tell'> | undefined;
  #isAsked = false;
  #giveUp: (number: number) => void = () => undefined;

  constructor({ accessLogFormat, requestIdHeader }: Pick<Settings, 'accessLogFormat' | 'requestIdHeader'>) {
    const named = [...accessLogFormat.matchAll(/%\(\{([^}]+)\}([io])\)/g)];
    const of = (source: string): string[] =>
      named.filter(([, , letter]) => letter === source).map(([, name = '']) => name.toLowerCase());
    this.#requestHeaders = [
      ...new Set([
        ...USUAL_HEADERS,
        ...of('i'),
        ...(requestIdHeader === undefined ? [] : [requestIdHeader.toLowerCase()]),
      ]),
    ];
    this.#responseHeaders = [...new Set(of('o'))];
  }

  /** Whether the loggers want records from now on. */
  ask(isAsked: boolean): void {
    this.#isAsked = isAsked;
  }

  /** @param giveUp tells the process that nobody wants its answer to the request of this number, if it still has that */
  begin(
    control: Pick<ControlLane, 'tell'>,
    { access }: Pick<Ready, 'access'>,
    giveUp: (number: number) => void = () => undefined,
  ): void {
    this.#control = control;
    this.#giveUp = giveUp;
    this.#isAsked = access.asked;
  }

  write(record: AccessRecord): boolean {
    if (!this.#isAsked || this.#control === undefined) return false;
    if (record.environ?.(TOLD) !== undefined) return true;
    const number = Number(record.environ?.(NUMBER) ?? 0);
    // On the lane, where it comes in front of the answer that is not there yet: another thread reads the control lane, and
    // may do so behind it.
    this.#giveUp(number);
    return this.#control.tell({
      number,
      remoteAddress: record.remoteAddress,
      method: record.method,
      target: record.target,
      protocol: record.protocol,
      status: record.status,
      bytes: record.bytes,
      durationMs: record.durationMs,
      requestHeaders: valuesOf(this.#requestHeaders, (name) => record.requestHeader(name)),
      responseHeaders: valuesOf(this.#responseHeaders, (name) => record.responseHeader(name)),
    });
  }
}

function valuesOf(
  names: readonly string[],
  valueOf: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = valueOf(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
