const body = [Buffer.from('Hello, world!\n')];

/** The smallest application of kind `wsgi`, as others serve it. */
export default function application(
  _environ: object,
  startResponse: (status: string, headers: readonly (readonly [string, string])[]) => unknown,
): readonly Buffer[] {
  startResponse('200 OK', [
    ['Content-Type', 'text/plain'],
    ['Content-Length', '14'],
  ]);
  return body;
}
