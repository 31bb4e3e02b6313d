import type { AsgiRequest } from '@gunicorn-ts/interface';

/** Of a request, as the process reads them. */
const FLAG = { oldVersion: 1, secure: 2, hasBody: 4, expectsContinue: 8, http2: 16, tls: 32 } as const;

/** What is known of the head in a byte. */
export function requestFlags({ head, client, stream }: AsgiRequest): number {
  return (
    (head.version === 10 ? FLAG.oldVersion : 0) |
    (head.version === 20 ? FLAG.http2 : 0) |
    (head.scheme === 'https' ? FLAG.secure : 0) |
    (stream === undefined ? 0 : FLAG.hasBody) |
    (head.expectsContinue ? FLAG.expectsContinue : 0) |
    (client.tls === undefined ? 0 : FLAG.tls)
  );
}

/** Method, path, query, client, its port, server, its port, of TLS where the process finds it, then names and values of the fields; joined by NUL. */
export function requestText({ head, client }: AsgiRequest, tlsSlot?: number): string {
  const { target, fields } = head;
  let path = target;
  let query = '';
  if (target.startsWith('/') && !target.includes('#')) {
    const mark = target.indexOf('?');
    if (mark !== -1) {
      path = target.slice(0, mark);
      query = target.slice(mark + 1);
    }
  } else ({ path, query } = head.parseTarget());
  const { local } = client;
  const server = local === undefined ? `${latin1(client.path ?? '')}\0` : `${local.host}\0${local.port}`;
  let text = `${head.method}\0${path}\0${query}\0${client.host}\0${client.port}\0${server}`;
  if (tlsSlot !== undefined) text += `\0${tlsSlot}`;
  for (let index = 0; index < fields.count; index++)
    text += `\0${fields.name(index).toLowerCase()}\0${fields.value(index)}`;
  return text;
}

/** A path in the file system, one character a byte. */
function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
