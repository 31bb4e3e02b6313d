import { readFileSync } from 'node:fs';
import {
  OperatorError,
  type ConfigInput,
  type Problem,
  type SettingDefinition,
  type SettingSource,
} from '@gunicorn-ts/interface';
import type { ConfigFile } from './config-file.ts';
import { ConfigFileError } from './errors.ts';
import { findMeanings } from './python-meaning.ts';
import type { Variables } from './environment.ts';
import type { PythonFinding, PythonNames, PythonPlace, ReadPythonConfig } from './python-names.ts';
import { shortPath } from './problem-text.ts';

/** Gunicorn's hooks of the arbiter that are written differently here. */
const EQUIVALENTS: Readonly<Record<string, string>> = {
  sslContext: 'sslContext(settings, options), which changes the options of Node.js',
  preExec: 'preExec(server), called when USR2 arrived',
};

/** Runs a configuration file in Python and reads what it sets. What has no meaning here becomes warnings. */
export async function loadPythonConfig(
  path: string,
  reader: { readonly read: ReadPythonConfig; readonly place: PythonPlace },
  definitions: readonly SettingDefinition[],
): Promise<{ readonly file: ConfigFile; readonly warnings: readonly Problem[] }> {
  const names = await run(path, reader);
  const lines = lineFinder(path);
  const findings = findMeanings(names, definitions);
  const input = inputOf(findings);
  const isForChild = findings.some(({ kind }) => kind === 'worker-hook') || hasLogDictionary(names);
  if (isForChild) input['pythonConfig'] = path;
  const spelled = new Map(
    findings.flatMap((finding) => (finding.kind === 'setting' ? [[finding.key, finding.name] as const] : [])),
  );
  return {
    file: {
      path,
      input: input as ConfigInput,
      environment: variablesOf(names),
      lineOf: (key) => lines(spelled.get(key) ?? key),
    },
    warnings: warningsOf(findings, path, lines),
  };
}

async function run(
  path: string,
  { read, place }: { readonly read: ReadPythonConfig; readonly place: PythonPlace },
): ReturnType<ReadPythonConfig> {
  try {
    return await read(path, place);
  } catch (error) {
    if (OperatorError.is(error)) throw error;
    throw new ConfigFileError(`${shortPath(path)} could not be loaded: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function variablesOf({ environment = {} }: PythonNames): Variables {
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value ?? undefined]));
}

function inputOf(findings: readonly PythonFinding[]): Record<string, unknown> {
  return Object.fromEntries(
    findings.flatMap((finding) => (finding.kind === 'setting' ? [[finding.key, finding.value]] : [])),
  );
}

function hasLogDictionary({
  values,
  objects,
}: {
  readonly values: Readonly<Record<string, unknown>>;
  readonly objects: Readonly<Record<string, string>>;
}): boolean {
  return Boolean(values['logconfig_dict']) || objects['logconfig_dict'] !== undefined;
}

type FindLine = (name: string) => number | undefined;

function warningsOf(findings: readonly PythonFinding[], path: string, lineOf: FindLine): Problem[] {
  const sourceOf = (name: string): SettingSource => {
    const line = lineOf(name);
    return { kind: 'file', path, ...(line === undefined ? {} : { line }) };
  };
  return findings.flatMap((finding): Problem[] => {
    const { name } = finding;
    if (finding.kind === 'unsupported') return [{ ...finding.problem, source: sourceOf(name) }];
    if (finding.kind === 'arbiter-hook') {
      const cure = `write ${EQUIVALENTS[finding.key] ?? finding.key} in gunicorn.conf.ts`;
      const message = 'is not called: the arbiter runs no Python';
      return [{ setting: name, message, source: sourceOf(name), cure }];
    }
    // A file has variables of its own; only what looks like a setting deserves a word.
    if (finding.kind !== 'unknown' || finding.near === undefined) return [];
    const cure = `did you mean ${finding.near}?`;
    return [{ setting: name, message: 'is not a setting', source: sourceOf(name), cure }];
  });
}

function lineFinder(path: string): FindLine {
  if (path.startsWith('python:')) return () => undefined;
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch {
    return () => undefined;
  }
  return (name) => {
    const place = new RegExp(String.raw`^[ \t]*(?:def[ \t]+|async[ \t]+def[ \t]+)?${name}[ \t]*[=:(]`, 'm');
    const found = place.exec(source);
    return found === null ? undefined : source.slice(0, found.index).split('\n').length;
  };
}
