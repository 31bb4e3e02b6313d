import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AsgiGateway, AsgiHandler } from './asgi.ts';
import type { LogLevel } from './logger.ts';
import type { AccessRecord } from './request.ts';
import type { TlsMaterial } from './tls-material.ts';

/** Every {@link ApplicationKind}. */
export const APPLICATION_KINDS = ['node', 'fetch', 'wsgi', 'asgi'] as const;

/** How an application is called; see {@link Application}. */
export type ApplicationKind = (typeof APPLICATION_KINDS)[number];

/** `(req, res)`, as `http.createServer` takes it; Express and Koa's callback are such functions. */
export type NodeHandler = (request: IncomingMessage, response: ServerResponse) => unknown;

/** `(request) => Response`, as Hono, h3, SvelteKit and `Deno.serve` have it. */
export type FetchHandler = (request: Request, env?: unknown) => Response | Promise<Response>;

/** What PEP 3333 calls `environ`. Strings hold one byte a character (latin-1), as the PEP asks. */
export type WsgiEnviron = Record<string, unknown>;

/** `start_response(status, headers, exc_info)` of PEP 3333. Returns the `write` callable. */
export type WsgiStartResponse = (
  status: string,
  headers: readonly (readonly [name: string, value: string])[],
  excInfo?: unknown,
) => (chunk: Uint8Array) => void;

/** The body of a WSGI response. `close` is called exactly once, also when the client went away. */
export type WsgiBody = (Iterable<Uint8Array> | AsyncIterable<Uint8Array>) & { close?(): void };

/**
 * What `wsgi.input` is. `whole`: the application is called when the body has arrived, and reads it without
 * waiting, with `read`, `readline` and `readlines` of PEP 3333. `stream`: `wsgi.input` is an
 * `AsyncIterable<Uint8Array>` that can be read once, and a worker that serves many requests at a time calls the
 * application as soon as the head is there. It reads from the client only as fast as it is iterated, answers
 * `Expect: 100-continue` when the iteration begins, and throws when the client goes away or sends more than
 * `limitRequestBody`. A worker that has read the body by then gives it in the same shape.
 */
export type WsgiInputMode = 'whole' | 'stream';

/** A WSGI application in JavaScript (PEP 3333): the body, or a promise of one. */
export type WsgiHandler = (
  environ: WsgiEnviron,
  startResponse: WsgiStartResponse,
) => WsgiBody | Promise<WsgiBody>;

/** A process behind an application. Whoever cares for the worker can ask where it stands. */
export interface ApplicationProcess {
  /** Absent where there are several. */
  readonly pid?: number;
  /** Where there are several: those that live now. */
  members?(): readonly Pick<ApplicationProcess, 'pid' | 'stacksFd' | 'tidyStacks' | 'silentMs'>[];
  /** For how long it has not answered whoever asks whether it turns, in milliseconds; 0 where nobody asks. */
  silentMs?(): number;
  /** An open file that the process appends the stacks of its threads to, as text, when it is sent `SIGUSR2`. */
  readonly stacksFd?: number;
  /** Leaves out of these stacks what says nothing of the application. */
  readonly tidyStacks?: (stacks: string) => string;
  /**
   * Whether the application never blocks the worker's thread but while it calls `LoaderContext.waiting`. Then nobody else
   * has to watch that thread, which a thread of its own would cost a dozen megabytes for.
   */
  readonly isWatched: boolean;
  /**
   * Has it end at once and in order, for a worker that was told to leave without finishing. Resolves when it has;
   * it is waited for a short time.
   */
  end?(): Promise<unknown>;
}

/** An application that can write the access log by means of its own. */
export interface ApplicationLog {
  /** True when it has taken the record, or has written it by itself; else the server's own access log writes it. */
  write(record: AccessRecord): boolean;
  /** The process is about to be killed, in the midst of whatever it hangs in: writes now what it has gathered. */
  flushStanding?(): void;
}

/**
 * The user's code, loaded and recognised. A worker class says in `serves.kinds` which kinds it takes;
 * the worker host refuses the others before `start` is called.
 */
export type Application = ApplicationKinds & {
  /** Where the records of the access log go first. */
  readonly accessLog?: ApplicationLog;
  /** It replaces its processes by itself, one by one, after `maxRequests` and beyond `maxWorkerMemory`: the worker stays. */
  readonly renewsItself?: boolean;
  /** `USR1`: log files were renamed, and the application may have files of its own. */
  reopenLogs?(): void;
  /** From now on entries of this level are the least severe that the server's error log has. */
  setLogLevel?(level: LogLevel): void;
  /** Of the application's own TLS server, which the worker class takes the place of. `certfile` goes before it. */
  readonly tls?: TlsMaterial;
};

type ApplicationKinds =
  | {
      readonly kind: 'node';
      readonly handler: NodeHandler;
      /**
       * The application's own server, when it made one: its `upgrade`, `connect`, `checkContinue` and
       * `clientError` listeners belong to the application and are honoured.
       */
      readonly server?: Server;
      /** Called once while the worker drains, after the last request: lets the framework close pools. */
      close?(): unknown;
    }
  | { readonly kind: 'fetch'; readonly handler: FetchHandler; close?(): unknown }
  | {
      readonly kind: 'asgi';
      /** Called as ASGI has it; or a gateway to where the application runs. */
      readonly handler: AsgiHandler | AsgiGateway;
      /** What scopes begin with: the lifespan of an application of this process has put it there. */
      readonly state?: Readonly<Record<string, unknown>>;
      /** Where the code runs, when it is not this process. */
      readonly process?: ApplicationProcess;
      close?(): unknown;
    }
  | {
      readonly kind: 'wsgi';
      readonly handler: WsgiHandler;
      /** How `wsgi.input` gives the request body; `whole` by default. */
      readonly input?: WsgiInputMode;
      /** Where the code runs, when it is not this process. */
      readonly process?: ApplicationProcess;
      close?(): unknown;
    };
