import type { Application, AsgiHandler, AsgiMessage, Logger } from '@gunicorn-ts/interface';
import { lifespanFailed } from '../errors.ts';
import { userStack } from '../failure.ts';

type Mode = 'auto' | 'on' | 'off';

/** The setting comes with `@gunicorn-ts/python`. */
export function lifespanMode(settings: object): Mode {
  return (settings as { readonly asgiLifespan?: Mode }).asgiLifespan ?? 'auto';
}

interface Answer {
  /** What the application says of its failure. */
  readonly failure?: string;
}

/**
 * Calls an ASGI application of this process once for its own start, and once more is heard of it when it is closed.
 * @param mode the setting `asgiLifespan`, where it is given
 * @throws {OperatorError} `ERR_APP_LIFESPAN` when it says that it cannot serve
 */
export async function beginLifespan(
  application: Application,
  mode: Mode,
  log: Pick<Logger, 'debug' | 'error'>,
): Promise<Application> {
  if (application.kind !== 'asgi' || typeof application.handler !== 'function' || mode === 'off')
    return application;
  const lifespan = new Lifespan(application.handler, log);
  const failure = await lifespan.start();
  if (failure !== undefined && (lifespan.isFatal || mode === 'on')) throw lifespanFailed(failure);
  if (failure !== undefined) {
    log.debug(`The application is served without its lifespan: ${failure}`);
    return application;
  }
  const close = application.close?.bind(application);
  return {
    ...application,
    state: lifespan.state,
    close: async () => {
      await lifespan.stop();
      await close?.();
    },
  };
}

/** The one call of an application for the life of its worker. Lives in the worker process. */
class Lifespan {
  readonly state: Record<string, unknown> = {};
  /** The application knows the lifespan, and has said that its start failed. */
  isFatal = false;
  readonly #log: Pick<Logger, 'error'>;
  readonly #handler: AsgiHandler;
  readonly #started = Promise.withResolvers<Answer>();
  readonly #stopping = Promise.withResolvers<void>();
  readonly #stopped = Promise.withResolvers<Answer>();
  #stage: 'new' | 'starting' | 'serving' | 'stopping' | 'over' = 'new';

  constructor(handler: AsgiHandler, log: Pick<Logger, 'error'>) {
    this.#handler = handler;
    this.#log = log;
  }

  /** Resolves to why there is no lifespan, if there is none. */
  async start(): Promise<string | undefined> {
    void this.#run();
    const { failure } = await this.#started.promise;
    return failure;
  }

  /** An application that returned by itself is not asked. */
  async stop(): Promise<void> {
    if (this.#stage !== 'serving') return;
    this.#stage = 'stopping';
    this.#stopping.resolve();
    const { failure } = await this.#stopped.promise;
    if (failure !== undefined)
      this.#log.error(`The application's lifespan shutdown failed\n${failure}`.trimEnd());
  }

  async #run(): Promise<void> {
    const scope = { type: 'lifespan', asgi: { version: '3.0', spec_version: '2.0' }, state: this.state };
    try {
      await this.#handler(scope, this.#receive, this.#send);
      this.#started.resolve({ failure: 'the application returned without an answer' });
      this.#stopped.resolve({});
    } catch (error) {
      const failure = userStack(error);
      if (this.#stage === 'serving') this.#log.error(`The application's lifespan ended\n${failure}`);
      this.#started.resolve({ failure });
      this.#stopped.resolve({ failure });
    }
    this.#stage = 'over';
  }

  readonly #receive = async (): Promise<AsgiMessage> => {
    if (this.#stage === 'new') {
      this.#stage = 'starting';
      return { type: 'lifespan.startup' };
    }
    await this.#stopping.promise;
    return { type: 'lifespan.shutdown' };
  };

  readonly #send = async ({ type, message }: AsgiMessage): Promise<void> => {
    const failure = typeof message === 'string' ? message : '';
    const isStarting = this.#stage === 'new' || this.#stage === 'starting';
    if (type === 'lifespan.startup.complete' && isStarting) {
      this.#stage = 'serving';
      this.#started.resolve({});
    } else if (type === 'lifespan.startup.failed' && isStarting) {
      this.isFatal = true;
      this.#stage = 'over';
      this.#started.resolve({ failure });
    } else if (type === 'lifespan.shutdown.complete' && this.#stage === 'stopping') this.#stopped.resolve({});
    else if (type === 'lifespan.shutdown.failed' && this.#stage === 'stopping')
      this.#stopped.resolve({ failure });
    else throw new Error(`${JSON.stringify(type)} comes at the wrong time`);
  };
}
