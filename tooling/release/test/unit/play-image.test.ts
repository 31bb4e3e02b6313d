import test from 'ava';
import { dockerfile } from '@gunicorn-ts/scaffold';
import { playDockerfile } from '../../src/play-image.ts';

const IMAGE = {
  name: 'shop',
  madeBy: 'a test',
  version: '0.1.0',
  args: ['--bind=0.0.0.0:8000', "it's"],
  port: 8000,
  adminPort: 9000,
};

test('the lines of the build stages are played in their order, and the last stage says what is started', (t) => {
  const project = { names: ['requirements.txt'], texts: { 'requirements.txt': 'gunicorn-ts\n' } };
  const { build, env, user, server, health } = playDockerfile(
    dockerfile({ ...IMAGE, isPython: true, project }),
    "/it's/here",
  );
  t.deepEqual(build.split('\n'), [
    'set -eu',
    'PYTHON_IMAGE=python:3.13-slim-bookworm',
    'mkdir -p /app && cd /app',
    String.raw`cp -a '/it'\''s/here/requirements.txt' ./`,
    'python -m venv /app/.venv && /app/.venv/bin/pip install --no-cache-dir --requirement requirements.txt',
    String.raw`cp -a '/it'\''s/here/.'/. .`,
  ]);
  t.deepEqual(env.slice(1), ['PYTHONDONTWRITEBYTECODE=1', 'PYTHONUNBUFFERED=1']);
  t.is(user, '65532:65532');
  t.deepEqual(server, ['/app/.venv/bin/gunicorn', ...IMAGE.args]);
  t.deepEqual(health.slice(1), ['health', '--admin-bind', '127.0.0.1:9000']);
});

test('an instruction that is not played is no step that is left out', (t) => {
  t.throws(() => playDockerfile('FROM a AS b\nVOLUME /x\nFROM a\nUSER 1\n', '/'), { message: /VOLUME/ });
});
