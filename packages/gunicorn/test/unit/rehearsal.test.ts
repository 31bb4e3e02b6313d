import type { SettingDefinition, Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { differencesBetween } from '../../src/rehearsal.ts';

const DEFINITIONS = ['app', 'rawEnv', 'timeout', 'printConfig', 'workers'].map((key) => ({
  key,
})) as unknown as readonly SettingDefinition[];
const RUNNING = {
  app: 'site:make(secret)',
  rawEnv: ['A=1'],
  timeout: 30,
  printConfig: false,
  workers: 2,
} as unknown as Settings;

test('what is the same, what cannot be compared and what is about the command is no difference', (t) => {
  const found = new Map([
    ['timeout', { value: '30', source: 'default' }],
    ['printConfig', { value: 'true', source: 'flag --print-config' }],
    ['unheardOf', { value: '1', source: 'default' }],
  ]);
  t.deepEqual(differencesBetween(RUNNING, found, DEFINITIONS), []);
});

test('a difference names both values and the source, and hides what may be secret', (t) => {
  const source = 'gunicorn.conf.ts:3';
  const found = new Map([
    ['app', { value: "'site:make(other)'", source }],
    ['rawEnv', { value: "['A=2']", source }],
    ['workers', { value: '3', source }],
  ]);
  t.deepEqual(differencesBetween(RUNNING, found, DEFINITIONS), [
    { key: 'app', running: "'site:make(***)'", next: "'site:make(***)'", source },
    { key: 'rawEnv', running: '***', next: '***', source },
    { key: 'workers', running: '2', next: '3', source },
  ]);
});
