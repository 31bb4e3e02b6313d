import type { Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { PASSWORD } from './site.ts';
import { Visitor } from './visitor.ts';

/** What a visitor does: looks, counts, logs in, keeps a note with a file, and takes the file back. */
export async function visit(t: ExecutionContext, server: Server): Promise<void> {
  const visitor = new Visitor(server.url);
  t.is((await visitor.get('/hello')).text, 'Hello, world!');
  t.is((await visitor.get('/count')).text, 'visit 1');
  t.is((await visitor.get('/count')).text, 'visit 2');
  t.is((await visitor.get('/stream?lines=3')).text, 'line 0\nline 1\nline 2\n');

  const style = await visitor.get('/static/notes/style.css');
  t.is(style.headers['content-type'], 'text/css');
  t.regex(style.text, /font-family/);

  t.is((await visitor.get('/admin/')).status, 302);
  await visitor.get('/admin/login/');
  const refused = await visitor.post('/admin/login/', { username: 'admin', password: 'wrong' });
  t.regex(refused.text, /Please enter the correct/);
  const login = { username: 'admin', password: PASSWORD };
  t.is((await visitor.post('/admin/login/?next=/admin/', login)).status, 302);
  t.regex((await visitor.get('/admin/')).text, /Site administration/);

  const bytes = Buffer.alloc(300_000, 'file');
  await visitor.get('/');
  const kept = await visitor.post('/', {
    title: 'Café ☕',
    text: 'x',
    attachment: new File([bytes], 'a.bin'),
  });
  t.is(kept.status, 302, kept.text);
  const [, path = ''] = /href="(\/notes\/\d+\/attachment)"/.exec((await visitor.get('/')).text) ?? [];
  const file = await visitor.get(path);
  t.true(file.body.equals(bytes));

  t.is((await visitor.get('/fails')).status, 500);
  await server.waitFor(/RuntimeError: this view fails on purpose/);
  t.is((await visitor.get('/hello')).status, 200);
}
