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
import { tellVariables } from './python-variables.ts';
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
  const source = readSource(path);
  const lines = lineFinder(source);
  const findings = tellVariables(findMeanings(names, definitions), source, definitions);
  const { uncalled, warnings } = problemsOf(findings, { path, source, lineOf: lines });
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
      process: names.process,
      uncalled,
    },
    warnings,
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

/** What settings mean that Python names, as a hook changes them. */
export function readPythonSettings(
  values: Readonly<Record<string, unknown>>,
  definitions: readonly SettingDefinition[],
): ConfigInput {
  return inputOf(findMeanings({ values, functions: {}, objects: {} }, definitions)) as ConfigInput;
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

interface Source {
  readonly path: string;
  readonly source: string;
  readonly lineOf: FindLine;
}

function problemsOf(
  findings: readonly PythonFinding[],
  { path, source, lineOf }: Source,
): { readonly uncalled: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const uncalled: Problem[] = [];
  const warnings: Problem[] = [];
  for (const finding of findings) {
    const { name } = finding;
    const line = lineOf(name);
    const origin: SettingSource = { kind: 'file', path, ...(line === undefined ? {} : { line }) };
    if (finding.kind === 'unsupported') warnings.push({ ...finding.problem, source: origin });
    if (finding.kind === 'arbiter-hook') {
      const cure = `write ${EQUIVALENTS[finding.key] ?? finding.key} in gunicorn.conf.ts`;
      const message = 'is not called: hooks in Python are for applications in Python';
      uncalled.push({ setting: name, message, source: origin, cure });
    }
    // A file has variables of its own; only what looks like a setting, and that nobody uses, deserves a word.
    if (finding.kind === 'unknown' && finding.near !== undefined && countOf(name, source) < 2)
      warnings.push({
        setting: name,
        message: 'is not a setting',
        source: origin,
        cure: `did you mean ${finding.near}?`,
      });
  }
  return { uncalled, warnings };
}

function countOf(name: string, source: string): number {
  return [...source.matchAll(new RegExp(String.raw`\b${name}\b`, 'g'))].length;
}

function readSource(path: string): string {
  if (path.startsWith('python:')) return '';
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function lineFinder(source: string): FindLine {
  return (name) => {
    const place = new RegExp(String.raw`^[ \t]*(?:def[ \t]+|async[ \t]+def[ \t]+)?${name}[ \t]*[=:(]`, 'm');
    const found = place.exec(source);
    return found === null ? undefined : source.slice(0, found.index).split('\n').length;
  };
}
