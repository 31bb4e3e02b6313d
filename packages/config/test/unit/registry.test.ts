import { readFileSync } from 'node:fs';
import test from 'ava';
import { describeDefault } from '../../src/definition.ts';
import { COMMAND_OPTIONS, flagsOf } from '../../src/flag.ts';
import { builtinDefinitions } from '../../src/registry.ts';

/** The comments of `interface/src/FILE`, by the name that stands below each, on one line. */
function commentsOf(file: string): Map<string, string> {
  const text = readFileSync(new URL(`../../../interface/src/${file}`, import.meta.url), 'utf8');
  const found = text.matchAll(/\/\*\*((?:[^*]|\*(?!\/))*)\*\/\s*(\w+)\??[(:]/g);
  return new Map(
    [...found].map(([, comment = '', key = '']) => [
      key,
      comment
        .replaceAll(/\s*\n\s*\*/g, '')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ]),
  );
}

const comments = new Map(
  ['settings.ts', 'logging-settings.ts', 'hooks.ts'].flatMap((file) => [...commentsOf(file)]),
);

for (const definition of builtinDefinitions) {
  test(`${definition.key} is described in the words of its TSDoc comment`, (t) => {
    const [sentence = '', defaultText] = (comments.get(definition.key) ?? '').split(' Default: ');
    t.is(definition.describe, sentence);
    if (definition.isFunction === true || definition.key === 'app') t.is(defaultText, undefined);
    else t.is(`${describeDefault(definition)}.`, defaultText ?? '');
  });
}

test('No setting is written down twice', (t) => {
  const sections = builtinDefinitions.map(({ key }) => key);
  t.deepEqual(sections, [...new Set(sections)]);
  t.is(sections.length, comments.size);
});

test('No flag belongs to two settings', (t) => {
  const spellings = flagsOf(builtinDefinitions).flatMap(({ names, short }) => [
    ...names,
    ...(short ? [short] : []),
  ]);
  t.deepEqual(spellings, [...new Set(spellings)]);
});

test('Flags are spelled as Gunicorn spells them', (t) => {
  const flags = new Map(
    flagsOf(builtinDefinitions).map(({ key, names, short }) => [key, [short, ...names].join(' ').trim()]),
  );
  const gunicorns = {
    config: '-c --config',
    bind: '-b --bind',
    workers: '-w --workers',
    workerClass: '-k --worker-class',
    timeout: '-t --timeout',
    keepalive: '--keep-alive',
    reloadExtraFiles: '--reload-extra-file',
    preloadApp: '--preload',
    daemon: '-D --daemon',
    rawEnv: '-e --env',
    pidfile: '-p --pid',
    user: '-u --user',
    group: '-g --group',
    umask: '-m --umask',
    procName: '-n --name',
    accesslog: '--access-logfile',
    accessLogFormat: '--access-logformat',
    errorlog: '--error-logfile --log-file',
    loglevel: '--log-level',
    caCerts: '--ca-certs',
    certReqs: '--cert-reqs',
    version: '-v --version',
    help: '-h --help',
  };
  for (const [key, spelling] of Object.entries(gunicorns)) t.is(flags.get(key), spelling);
});

test('Every default passes the check of its own setting', (t) => {
  for (const { key, default: value, parse } of builtinDefinitions) {
    const given: unknown = typeof value === 'function' ? (value as (env: object) => unknown)({}) : value;
    t.deepEqual(parse(given), given, key);
  }
});

test('Every example passes the check of its setting', (t) => {
  for (const { key, example, parse, isFunction } of builtinDefinitions) {
    if (isFunction === true) continue;
    t.truthy(example, key);
    // oxlint-disable-next-line no-new-func -- the examples are ours
    t.notThrows(() => parse(new Function(`return ${example ?? ''}`)()), key);
  }
});

test('The options of the command are no settings', (t) => {
  const keys = new Set(builtinDefinitions.map(({ key }) => key));
  for (const { key } of COMMAND_OPTIONS) t.false(keys.has(key));
});

test('The environment gives defaults', (t) => {
  const env = { PORT: '5000', WEB_CONCURRENCY: '3', FORWARDED_ALLOW_IPS: '10.0.0.1' };
  const defaults = ['bind', 'workers', 'forwardedAllowIps'].map((key) => {
    const value = builtinDefinitions.find((definition) => definition.key === key)?.default;
    return (value as (env: object) => unknown)(env);
  });
  t.deepEqual(defaults, [['0.0.0.0:5000'], 3, ['10.0.0.1']]);
});
