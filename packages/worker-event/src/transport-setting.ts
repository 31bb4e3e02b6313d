import type { SettingDefinition, Settings } from '@gunicorn-ts/interface';

const TRANSPORTS = ['auto', 'stream'] as const;

export type HttpTransport = (typeof TRANSPORTS)[number];

/** How the bytes of connections come and go. */
export const httpTransport: SettingDefinition<HttpTransport> = {
  key: 'httpTransport',
  section: 'Worker Class',
  describe:
    'How connections are read and written: "auto" by system calls, where Linux and Node.js allow that, and else as "stream", by sockets of Node.js.',
  default: 'auto',
  parse(value) {
    const known = TRANSPORTS.find((each) => each === value);
    if (known === undefined) throw new Error(`must be "auto" or "stream", not ${JSON.stringify(value)}`);
    return known;
  },
  flag: { names: ['--http-transport'], kind: 'value', metavar: 'NAME' },
};

/** What the setting is: other programs start the worker class without it. */
export function transportOf(settings: Readonly<Settings>): HttpTransport {
  return (settings as Partial<Record<'httpTransport', HttpTransport>>).httpTransport ?? 'auto';
}
