import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from '@gunicorn-ts/test-kit';
import { pythonTest, servePython } from './serve.ts';

const APP = `
import atexit, os

def leave_a_note():
    with open(os.environ["NOTES"], "a") as notes:
        notes.write("%d\\n" % os.getpid())

atexit.register(leave_a_note)

def application(environ, start_response):
    start_response("200 OK", [])
    return [str(os.getpid()).encode()]
`;

for (const args of [[], ['--preload'], ['-k', 'gthread', '--threads', '2']]) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const) {
    pythonTest(`${args.join(' ') || 'sync'}: what atexit has runs at ${signal}`, async (t) => {
      const server = await servePython(t, args, {
        files: { 'shop/wsgi.py': APP },
        env: { NOTES: 'notes' },
      });
      const pid = (await request(server.url)).text;
      server.signal(signal);
      await server.ended();
      const notes = await readFile(join(server.folder.path, 'notes'), 'utf8');
      t.true(notes.split('\n').includes(pid), notes);
    });
  }
}
