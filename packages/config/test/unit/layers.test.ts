import test from 'ava';
import type { SettingSource } from '@gunicorn-ts/interface';
import { fileLayer, type Layer, mergeLayers } from '../../src/layers.ts';
import { renderProblem } from '../../src/problem-text.ts';
import { builtinDefinitions } from '../../src/registry.ts';

const flag = (name: string): SettingSource => ({ kind: 'flag', flag: name });
const layer = (values: Record<string, unknown>, source: SettingSource): Layer =>
  new Map(Object.entries(values).map(([key, value]) => [key, { value, source }]));

test('The highest layer wins, and lists replace lists', (t) => {
  const low = layer({ workers: 2, bind: ['a:1', 'b:1'] }, { kind: 'file', path: '/x.ts', line: 3 });
  const high = layer({ bind: ['c:1'] }, flag('--bind'));
  const { values, sources, problems } = mergeLayers(builtinDefinitions, [low, high], {});
  t.deepEqual(values['bind'], ['c:1']);
  t.is(values['workers'], 2);
  t.is(values['timeout'], 30);
  t.deepEqual(sources['bind'], flag('--bind'));
  t.deepEqual(sources['workers'], { kind: 'file', path: '/x.ts', line: 3 });
  t.deepEqual(sources['timeout'], { kind: 'default' });
  t.deepEqual(problems, []);
});

test('A default that the environment gave names the variable', (t) => {
  const { sources } = mergeLayers(builtinDefinitions, [], { PORT: '1', WEB_CONCURRENCY: '' });
  t.deepEqual(sources['bind'], { kind: 'default-env', variable: 'PORT' });
  t.deepEqual(sources['workers'], { kind: 'default' });
});

test('A wrong variable is reported only when its default is needed', (t) => {
  const env = { WEB_CONCURRENCY: 'many' };
  const [problem] = mergeLayers(builtinDefinitions, [], env).problems.map(renderProblem);
  t.is(
    problem,
    'workers must be a whole number of 0 or more, or "auto", not "many" (default from $WEB_CONCURRENCY); correct WEB_CONCURRENCY, or unset it',
  );
  t.deepEqual(mergeLayers(builtinDefinitions, [layer({ workers: 1 }, flag('-w'))], env).problems, []);
});

test('A wrong value is reported also when a higher layer hides it', (t) => {
  const low = layer({ timeout: 'soon' }, { kind: 'file', path: '/srv/gunicorn.conf.ts', line: 7 });
  const { problems } = mergeLayers(builtinDefinitions, [low, layer({ timeout: '5' }, flag('-t'))], {});
  t.deepEqual(problems.map(renderProblem), [
    'timeout must be a number of seconds, 0 or more, not "soon" (/srv/gunicorn.conf.ts:7); for example timeout: 30',
  ]);
});

test('A wrong flag is told how to write it', (t) => {
  const { problems } = mergeLayers(builtinDefinitions, [layer({ bind: ['x:y'] }, flag('-b'))], {});
  t.regex(problems.map(renderProblem).join(), /\(flag -b\); for example -b 127\.0\.0\.1:8000$/);
});

test('A key of the file with the value undefined counts as left out', (t) => {
  const file = {
    path: '/x.ts',
    lineOf: (key: string) => (key === 'timeout' ? 3 : undefined),
    input: { workers: undefined, timeout: 5 },
  };
  t.deepEqual(
    [...fileLayer(file)],
    [['timeout', { value: 5, source: { kind: 'file', path: '/x.ts', line: 3 } }]],
  );
});
