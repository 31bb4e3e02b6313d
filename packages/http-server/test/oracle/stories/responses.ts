import type { Story } from '../story.ts';
import { type Listener, GET, LAST, watched } from '../application.ts';

const RESPONSES: readonly (readonly [title: string, listener: Listener])[] = [
  ['a text', (_q, s) => void s.end('hello')],
  ['a buffer', (_q, s) => void s.end(Buffer.from('hello'))],
  ['nothing', (_q, s) => void s.end()],
  ['characters of two and three bytes', (_q, s) => void s.end('ä€')],
  ['latin-1', (_q, s) => void s.end('ä', 'latin1')],
  ['base64', (_q, s) => void s.end('aGVsbG8=', 'base64')],
  ['several writes', (_q, s) => void (s.write('a'), s.write(Buffer.from('b')), s.end('c'))],
  ['a length', (_q, s) => void (s.setHeader('Content-Length', 3), s.write('ab'), s.end('c'))],
  ['writeHead', (_q, s) => void s.writeHead(201, 'Made', { 'X-A': ['1', '2'], b: 3 }).end('x')],
  ['raw headers', (_q, s) => void s.writeHead(200, ['X-A', '1', 'X-A', '2']).end('x')],
  ['204', (_q, s) => void s.writeHead(204).end()],
  ['304 with a body', (_q, s) => void s.writeHead(304).end('body')],
  ['early hints', (_q, s) => (s.writeEarlyHints({ link: '</a.css>; rel=preload' }), void s.end('x'))],
  ['102', (_q, s) => (s.writeProcessing(), void s.end('x'))],
  ['trailers', (_q, s) => (s.write('a'), s.addTrailers({ 'X-T': 'v' }), void s.end())],
  ['a close', (_q, s) => (s.setHeader('Connection', 'close'), void s.end('x'))],
  ['no date', (_q, s) => ((s.sendDate = false), void s.end('x'))],
  ['a removed connection header', (_q, s) => (s.removeHeader('connection'), void s.end('x'))],
  ['flushed headers', (_q, s) => (s.flushHeaders(), setImmediate(() => s.end('x')))],
  ['corked writes', (_q, s) => (s.cork(), s.write('a'), s.write('b'), s.uncork(), void s.end())],
  ['cookies', (_q, s) => (s.setHeader('Set-Cookie', ['a=1', 'b=2']), void s.end('x'))],
];

export const shapes: readonly Story[] = RESPONSES.flatMap(([title, listener]): Story[] => [
  {
    title: `response: ${title}`,
    application: watched(listener),
    steps: [GET, { noted: 'res close' }, LAST, 'closes'],
  },
  {
    title: `response to HEAD: ${title}`,
    application: watched(listener),
    steps: ['HEAD / HTTP/1.1\r\nHost: x\r\n\r\n', { noted: 'res close' }, LAST, 'closes'],
  },
  {
    title: `response to HTTP/1.0: ${title}`,
    application: watched(listener),
    steps: ['GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n', { noted: 'res close' }, 'end', 'closes'],
  },
]);
