import type { AsgiSocketOptions } from '@gunicorn-ts/interface';

/** Settings that `@gunicorn-ts/python` brings; where it is not installed, applications are served with its defaults. */
interface FurtherSettings {
  readonly rootPath?: string;
  readonly websocketMaxMessageSize?: number;
  readonly websocketPing?: number;
  readonly websocketDeflate?: boolean;
}

const MAX_MESSAGE_SIZE = 16 * 1024 * 1024;
const PING_SECONDS = 20;

/** How an application of this process is served. */
export function handlerOptions(
  settings: object,
  environment: NodeJS.ProcessEnv,
): { readonly rootPath: string; readonly websocket: AsgiSocketOptions } {
  const given = settings as FurtherSettings;
  return {
    rootPath: (given.rootPath ?? environment['SCRIPT_NAME'] ?? '').replace(/\/+$/, ''),
    websocket: {
      maxMessageSize: given.websocketMaxMessageSize ?? MAX_MESSAGE_SIZE,
      pingSeconds: given.websocketPing ?? PING_SECONDS,
      deflates: given.websocketDeflate ?? false,
    },
  };
}
