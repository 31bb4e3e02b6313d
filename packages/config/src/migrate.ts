import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SettingDefinition } from '@gunicorn-ts/interface';
import { ConfigFileError } from './errors.ts';
import { renderProblem } from './problem-text.ts';
import { findMeanings } from './python-meaning.ts';
import { adaptExpression, declarationsFor } from './migrated-expression.ts';
import { builtinDefinitions } from './registry.ts';
import type {
  PythonFinding,
  PythonNames,
  PythonPlace,
  ReadPythonConfig,
  TranslatePythonConfig,
  Translation,
} from './python-names.ts';

/** A file in Python that is to be said in TypeScript. */
export interface PythonSource {
  readonly name: string;
  readonly source: string;
  readonly translation: Translation;
}

/** What migrating asks Python for. */
export interface MigrationReader {
  readonly read: ReadPythonConfig;
  readonly translate: TranslatePythonConfig;
  readonly place: PythonPlace;
}

/** Runs `gunicorn.conf.py` and gives the text of the `gunicorn.conf.ts` that says the same. */
export async function migrateConfig(
  name: string,
  reader: MigrationReader,
  definitions: readonly SettingDefinition[],
): Promise<string> {
  const path = resolve(reader.place.cwd, name);
  let source: string;
  let names: PythonNames;
  let translation: Translation;
  try {
    source = readFileSync(path, 'utf8');
    const run = await reader.read(path, reader.place);
    run.process.close();
    names = run;
    translation = await reader.translate(path, reader.place);
  } catch (error) {
    throw new ConfigFileError(`${name} could not be read: ${(error as Error).message}`, { cause: error });
  }
  return renderMigration(findMeanings(names, definitions), { name, source, translation }, definitions);
}

/** The file that says the same in TypeScript; what has no equivalent is a comment that says why. Pure. */
export function renderMigration(
  findings: readonly PythonFinding[],
  python: PythonSource,
  definitions: readonly SettingDefinition[],
): string {
  const blocks = findings.flatMap((finding) => render(finding, python, definitions));
  const hooks = findings.flatMap((finding) => (isHook(finding) ? [finding.name] : []));
  if (hooks.length > 0) {
    const which = hooks.join(', ');
    blocks.push(`// Called in Python, where they are: ${which}.\npythonConfig: ${literal(python.name)},`);
  }
  const unknown = findings.flatMap((finding) => (finding.kind === 'unknown' ? [finding.name] : []));
  if (unknown.length > 0) blocks.push(`// Not settings: ${unknown.join(', ')}.`);
  const body = blocks.map((block) => block.replaceAll(/^(?=.)/gm, '  ')).join('\n');
  return `${head(findings, python, body)}\n// Made from ${python.name}.\nexport default defineConfig({\n${body}\n});\n`;
}

function isHook({ kind }: PythonFinding): boolean {
  return kind === 'worker-hook' || kind === 'arbiter-hook';
}

/** Imports, and what the computed settings use. */
function head(findings: readonly PythonFinding[], python: PythonSource, body: string): string {
  const { translation } = python;
  const computed = findings.flatMap((finding) =>
    finding.kind === 'setting' && expressionOf(finding.name, python) !== undefined ? [finding.name] : [],
  );
  const declarations = declarationsFor(computed, translation);
  const code = [...declarations, body].join('\n');
  const imports = translation.imports.filter((line) => {
    const names = /\{ (.*) \}/.exec(line)?.[1] ?? '';
    return names.split(', ').some((name) => code.includes(name));
  });
  const type = body.includes('ConfigInput[') ? 'type ConfigInput, ' : '';
  // Types of the settings that the package brings.
  const isOfPackage = findings.some(
    (finding) =>
      isHook(finding) ||
      (finding.kind === 'setting' && !builtinDefinitions.some(({ key }) => key === finding.key)),
  );
  const further = isOfPackage ? [`import type {} from '@gunicorn-ts/python';`] : [];
  const lines = [...imports, `import { ${type}defineConfig } from 'gunicorn-ts';`, ...further, ''];
  return [...lines, ...(declarations.length === 0 ? [] : [...declarations, ''])].join('\n');
}

/** What is computed in Python and can be computed here too. */
function expressionOf(
  name: string,
  { source, translation }: PythonSource,
): Translation['expressions'][string] | undefined {
  return computation(source, name) === undefined ? undefined : translation.expressions[name];
}

function render(
  finding: PythonFinding,
  python: PythonSource,
  definitions: readonly SettingDefinition[],
): string[] {
  const { source } = python;
  switch (finding.kind) {
    case 'setting': {
      const translated = expressionOf(finding.name, python);
      const definition = definitions.find(({ key }) => key === finding.key);
      if (translated !== undefined && definition !== undefined)
        return [`${finding.key}: ${adaptExpression(translated, definition)},`];
      const expression = computation(source, finding.name);
      const note = expression === undefined ? '' : `// Computed: ${finding.name} = ${expression}\n`;
      const isOctal = finding.key === 'umask' && typeof finding.value === 'number';
      const value = isOctal ? `0o${(finding.value as number).toString(8)}` : literal(finding.value);
      return [`${note}${finding.key}: ${value},`];
    }
    case 'unsupported':
      return [`// ${renderProblem({ setting: finding.name, message: finding.problem.message })}.`];
    default:
      return [];
  }
}

/** What stands behind the name when Python computes it; a value that is written out says all there is. */
function computation(source: string, name: string): string | undefined {
  const line = new RegExp(String.raw`^[ \t]*${name}[ \t]*(?::[^=\n]+)?=[ \t]*(.+)$`, 'm').exec(source)?.[1];
  const expression = line?.replace(/\s+#.*$/, '').trim();
  if (expression === undefined) return 'elsewhere in the file';
  const withoutTexts = expression.replaceAll(/(["'])(?:\\.|(?!\1).)*\1/g, '');
  return /f?["']|[a-zA-Z_]\w*/.test(withoutTexts.replaceAll(/\b(?:True|False|None|0[xo][\da-f]+)\b/gi, ''))
    ? expression
    : undefined;
}

/** As people write it: single quotes, and names without any. */
function literal(value: unknown): string {
  if (typeof value === 'string') {
    return `'${JSON.stringify(value)
      .slice(1, -1)
      .replaceAll(String.raw`\"`, '"')
      .replaceAll("'", String.raw`\'`)}'`;
  }
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(([key, one]) => `${memberName(key)}: ${literal(one)}`);
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return String(value);
}

function memberName(key: string): string {
  return /^[a-zA-Z_$][\w$]*$/.test(key) ? key : literal(key);
}
