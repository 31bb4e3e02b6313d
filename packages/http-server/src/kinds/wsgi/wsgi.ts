import type { Logger, WsgiBody, WsgiHandler } from '@gunicorn-ts/interface';
import { checkedBody, closeBody, EnvironMaker, WsgiInput } from '@gunicorn-ts/wsgi';
import type { Respond } from '../direct/answer.ts';
import { WsgiResponse } from './wsgi-response.ts';

export interface WsgiOptions {
  readonly handler: WsgiHandler;
  readonly log: Logger;
  /** Whether other requests may be served by this process while one waits. */
  readonly multithread: boolean;
  readonly multiprocess: boolean;
}

/** Serves a WSGI application (PEP 3333). */
export function respondWithWsgi({ handler, log, multithread, multiprocess }: WsgiOptions): Respond {
  const maker = new EnvironMaker({
    multithread,
    multiprocess,
    log,
    scriptName: process.env['SCRIPT_NAME'] ?? '',
  });

  return (answer) => {
    const response = new WsgiResponse(answer);
    const { client } = answer;
    const environ = maker.make(answer.head, {
      input: answer.stream ?? new WsgiInput(answer.body),
      socket: undefined,
      remoteHost: client.host,
      remotePort: client.port,
      local: client.local,
      earlyHints: response.earlyHints,
    });
    answer.environ = environ;
    const returned = handler(environ, response.startResponse);
    return isPromise(returned)
      ? returned.then((body) => send(response, body, log))
      : send(response, returned, log);
  };
}

function isPromise(value: WsgiBody | Promise<WsgiBody>): value is Promise<WsgiBody> {
  return typeof (value as Partial<Promise<WsgiBody>> | null)?.then === 'function';
}

function send(response: WsgiResponse, returned: unknown, log: Logger): void | Promise<void> {
  const body = checkedBody(returned);
  let sending: void | Promise<void>;
  try {
    sending = response.send(body);
  } catch (error) {
    closeBody(body, log);
    throw error;
  }
  if (sending === undefined) closeBody(body, log);
  else return sending.finally(() => closeBody(body, log));
}
