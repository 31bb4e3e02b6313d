// Application of kind `wsgi`.
import { block } from './block.ts';

const body = [Buffer.from('Hello, world!\n')];

export default function application(
  environ: Readonly<Record<string, unknown>>,
  startResponse: (status: string, headers: readonly (readonly [string, string])[]) => unknown,
): readonly Buffer[] {
  if (environ['PATH_INFO'] === '/block') block();
  startResponse('200 OK', [
    ['Content-Type', 'text/plain'],
    ['Content-Length', '14'],
  ]);
  return body;
}
