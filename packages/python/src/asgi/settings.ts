import type { AsgiGateway, AsgiSocketOptions, SettingDefinition, Settings } from '@gunicorn-ts/interface';
import { show } from '../shown-value.ts';
import { isUvicornClass } from './worker-class.ts';

declare module '@gunicorn-ts/interface' {
  interface FurtherInput {
    rootPath?: string | undefined;
    asgiLoop?: 'auto' | 'asyncio' | 'uvloop' | undefined;
    asgiLifespan?: 'auto' | 'on' | 'off' | undefined;
    asgiDisconnectGracePeriod?: number | undefined;
    websocketMaxMessageSize?: number | string | undefined;
    websocketPing?: number | undefined;
    websocketDeflate?: boolean | undefined;
  }
}

/** Gunicorn's and uvicorn's. */
const MAX_MESSAGE_SIZE = 16 * 1024 * 1024;

/** The settings of ASGI, as they are resolved. */
export interface AsgiSettings {
  readonly rootPath: string;
  readonly asgiLoop: 'auto' | 'asyncio' | 'uvloop';
  readonly asgiLifespan: 'auto' | 'on' | 'off';
  /** Seconds. */
  readonly asgiDisconnectGracePeriod: number;
  /** Bytes. */
  readonly websocketMaxMessageSize: number;
  /** Seconds. */
  readonly websocketPing: number;
  readonly websocketDeflate: boolean;
}

/** Of settings as they are resolved. */
export function asgiSettings(settings: Readonly<Settings>): AsgiSettings {
  const given = settings as unknown as Partial<AsgiSettings>;
  return {
    rootPath: given.rootPath ?? '',
    asgiLoop: given.asgiLoop ?? 'auto',
    asgiLifespan: given.asgiLifespan ?? 'auto',
    asgiDisconnectGracePeriod: given.asgiDisconnectGracePeriod ?? 3,
    websocketMaxMessageSize: given.websocketMaxMessageSize ?? MAX_MESSAGE_SIZE,
    websocketPing: given.websocketPing ?? 20,
    websocketDeflate: given.websocketDeflate ?? false,
  };
}

/** What the process is told of them; see the Python side. */
export function asgiOptions(settings: Readonly<Settings>): Readonly<Record<string, unknown>> {
  const { rootPath, asgiLoop, asgiLifespan, asgiDisconnectGracePeriod } = asgiSettings(settings);
  const loop = settings.workerClass.endsWith('UvicornH11Worker') ? 'asyncio' : asgiLoop;
  return { rootPath, loop, lifespan: asgiLifespan, disconnectGrace: asgiDisconnectGracePeriod };
}

/** What the worker does by itself in front of an ASGI process. */
export function gatewayOptions(
  settings: Readonly<Settings>,
): Required<Pick<AsgiGateway, 'namesForwardedClient' | 'websocket'>> {
  return {
    namesForwardedClient: isUvicornClass(settings.workerClass),
    websocket: socketOptions(settings),
  };
}

/** How the worker speaks to WebSockets. */
function socketOptions(settings: Readonly<Settings>): AsgiSocketOptions {
  const { websocketMaxMessageSize, websocketPing, websocketDeflate } = asgiSettings(settings);
  return {
    maxMessageSize: websocketMaxMessageSize,
    pingSeconds: websocketPing,
    deflates: websocketDeflate,
  };
}

function oneOf(...words: readonly string[]): (value: unknown) => string {
  return (value) => {
    const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
    if (typeof word === 'string' && words.includes(word)) return word;
    throw new TypeError(`must be ${words.map((one) => `"${one}"`).join(' or ')}, not ${show(value)}`);
  };
}

function path(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`must be a text, not ${show(value)}`);
  const text = value.trim().replace(/\/+$/, '');
  if (text !== '' && !text.startsWith('/'))
    throw new TypeError(`must begin with a slash, as in "/api", not ${show(value)}`);
  return text;
}

function seconds(value: unknown): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < 0)
    throw new TypeError(`must be a number of seconds, 0 or more, not ${show(value)}`);
  return number;
}

function byteCount(value: unknown): number {
  const [, digits, unit = ''] = /^(\d+)\s*([km]?b?)$/i.exec(String(value).trim()) ?? [];
  if (digits === undefined || typeof value === 'boolean')
    throw new TypeError(`must be a number of bytes, 0 or more, or a size such as "16mb", not ${show(value)}`);
  const factor = { k: 1024, m: 1024 ** 2 }[unit.toLowerCase().charAt(0)] ?? 1;
  return Number(digits) * factor;
}

function yesOrNo(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`must be true or false, not ${show(value)}`);
}

/** What the command offers for ASGI applications. */
export const asgiDefinitions: readonly SettingDefinition[] = [
  {
    key: 'rootPath',
    section: 'Server Mechanics',
    describe:
      'The path that an ASGI application is mounted at: `root_path` of its scopes. Put in front of paths that do not begin with it, for proxies that cut it off.',
    default: (env: NodeJS.ProcessEnv) => path(env['SCRIPT_NAME'] ?? ''),
    defaultText: "the environment's `SCRIPT_NAME`, or nothing",
    parse: path,
    flag: { names: ['--root-path'], kind: 'value', metavar: 'PATH' },
    example: `'/api'`,
  },
  {
    key: 'asgiLoop',
    section: 'Worker Processes',
    describe:
      'The event loop of an ASGI application: `asyncio`, `uvloop`, or `auto`, which is uvloop where it is installed.',
    default: 'auto',
    parse: oneOf('auto', 'asyncio', 'uvloop'),
    flag: { names: ['--asgi-loop'], kind: 'value', metavar: 'NAME' },
    example: `'asyncio'`,
  },
  {
    key: 'asgiLifespan',
    section: 'Worker Processes',
    describe:
      'Whether an ASGI application is told of start and end: `on`, where failing to take it ends the start, `off`, or `auto`.',
    default: 'auto',
    parse: oneOf('auto', 'on', 'off'),
    flag: { names: ['--asgi-lifespan'], kind: 'value', metavar: 'MODE' },
    example: `'off'`,
  },
  {
    key: 'asgiDisconnectGracePeriod',
    section: 'Worker Processes',
    describe:
      'How long the call of an ASGI application may go on whose client has left, in seconds; then it is cancelled.',
    default: 3,
    parse: seconds,
    flag: { names: ['--asgi-disconnect-grace-period'], kind: 'value', metavar: 'SECONDS' },
    example: '10',
  },
  {
    key: 'websocketMaxMessageSize',
    section: 'Worker Processes',
    describe:
      'The longest message that is taken from a WebSocket of an ASGI application, unpacked, in bytes; a longer one ends it with 1009. 0 is no limit.',
    default: MAX_MESSAGE_SIZE,
    parse: byteCount,
    flag: { names: ['--websocket-max-message-size'], kind: 'value', metavar: 'BYTES' },
    example: `'1mb'`,
  },
  {
    key: 'websocketPing',
    section: 'Worker Processes',
    describe:
      'How often the client of a WebSocket is asked for a sign of life, and how long it has to give one, in seconds; 0 never asks.',
    default: 20,
    parse: seconds,
    flag: { names: ['--websocket-ping'], kind: 'value', metavar: 'SECONDS' },
    example: '60',
  },
  {
    key: 'websocketDeflate',
    section: 'Worker Processes',
    describe: 'Compress messages of WebSockets for clients that offer it (permessage-deflate).',
    default: false,
    parse: yesOrNo,
    flag: { names: ['--websocket-deflate'], kind: 'switch' },
    example: 'true',
  },
];
