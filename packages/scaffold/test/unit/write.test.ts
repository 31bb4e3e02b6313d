import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findTarget } from '../../src/find/find-target.ts';
import { readProject } from '../../src/project.ts';
import { renderOutcome, writePlan } from '../../src/write.ts';

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'gunicorn-scaffold-'));
  t.teardown(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('a file that is there stays as it is, byte for byte', (t) => {
  const at = folder(t);
  writeFileSync(join(at, 'Dockerfile'), 'FROM mine\n');
  const files = ['Dockerfile', 'a/b.txt'].map((path) => ({ path, text: 'ours\n' }));
  const outcome = writePlan({ files, next: ['go'] }, at);
  t.deepEqual(outcome, {
    written: ['a/b.txt'],
    kept: ['Dockerfile'],
    script: undefined,
    notes: [],
    next: ['go'],
  });
  t.is(readFileSync(join(at, 'Dockerfile'), 'utf8'), 'FROM mine\n');
  t.regex(
    renderOutcome(outcome),
    /^wrote {2}a\/b\.txt\nkept {3}Dockerfile, which is there already\n\nNext:\n {2}go\n$/,
  );
});

test('a script is added where there is none of its name, and the file keeps its layout', (t) => {
  const at = folder(t);
  const path = join(at, 'package.json');
  writeFileSync(path, '{\n\t"name": "x",\n\t"scripts": {\n\t\t"start": "node a"\n\t}\n}');
  const plan = (name: string) => ({ files: [], next: [], script: { name, words: 'gunicorn' } });
  t.is(writePlan(plan('start'), at).script, undefined);
  t.is(writePlan(plan('start:gunicorn'), at).script, 'start:gunicorn');
  t.is(
    readFileSync(path, 'utf8'),
    '{\n\t"name": "x",\n\t"scripts": {\n\t\t"start": "node a",\n\t\t"start:gunicorn": "gunicorn"\n\t}\n}',
  );
});

test('what others installed is not looked at', (t) => {
  const at = folder(t);
  for (const inside of ['venv/lib', 'node_modules/x', '.git', 'web'])
    mkdirSync(join(at, inside), { recursive: true });
  const flask = 'from flask import Flask\napp = Flask("a")\n';
  for (const inside of ['venv/lib', 'node_modules/x', '.git', 'web'])
    writeFileSync(join(at, inside, 'app.py'), flask);
  t.deepEqual(readProject(at).paths, ['web/app.py']);
  t.is(findTarget(readProject(at))[0]?.application.target, 'web.app:app');
});
