import type { RequestHead, ResponseDraft } from '@gunicorn-ts/http';

const VERSION = '13';
/** Sixteen bytes in Base64. */
const KEY = /^[\d+/A-Za-z]{22}==$/;

/** A refusal, and what it says. */
export interface HandshakeRefusal {
  readonly draft: ResponseDraft;
  readonly text: string;
}

/** Whether a request asks for a WebSocket. */
export function asksForWebSocket({ wantsUpgrade, fields }: RequestHead): boolean {
  return wantsUpgrade && fields.get('upgrade')?.toLowerCase() === 'websocket';
}

/** What is wrong with the opening of a WebSocket (RFC 6455 §4.2), as an answer. */
export function handshakeRefusal({ method, fields }: RequestHead): HandshakeRefusal | undefined {
  if (method !== 'GET') return refusal(405, 'A WebSocket is opened by GET');
  const version = fields.get('sec-websocket-version');
  if (version !== VERSION) {
    return refusal(426, `This server speaks version ${VERSION} of the WebSocket protocol`, [
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Version', VERSION],
    ]);
  }
  if (!KEY.test(fields.get('sec-websocket-key') ?? ''))
    return refusal(400, 'Sec-WebSocket-Key must be 16 bytes in Base64');
  return undefined;
}

function refusal(status: number, text: string, headers: ResponseDraft['headers'] = []): HandshakeRefusal {
  const all = [['Content-Type', 'text/plain'] as const, ...headers];
  return { draft: { status, headers: all, bodyLength: text.length }, text };
}
