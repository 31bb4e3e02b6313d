import { builtinDefinitions, describeDefault, sectionsOf } from '@gunicorn-ts/config';
import type { SettingDefinition } from '@gunicorn-ts/interface';
import { page } from './page.ts';

const INTRODUCTION = `
Every setting can stand in \`gunicorn.conf.ts\` under its key. Most have a flag too, spelled as Gunicorn spells it.
Sources, lowest first: the default; \`gunicorn.conf.ts\` (or \`.mts\`, \`.js\`, \`.mjs\`, \`.cjs\`), in the launch directory or
named by \`--config\`; the flags in the environment variable \`GUNICORN_CMD_ARGS\`; the command line. A list from a higher
source replaces the lower one. \`gunicorn --print-config\` shows each value and where it came from.

Relative paths are seen from \`chdir\`. A reload (\`kill -HUP\`) takes up every change, unless the entry asks for a restart.
Functions that the file may hold as well are on the page about [hooks](hooks.md).
`;

const UNITS: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', bytes: 'bytes' };

export function renderSettingsPage(): string {
  const settings = builtinDefinitions.filter(({ isFunction }) => isFunction !== true);
  const sections = sectionsOf(settings).flatMap(({ section, members }) => [
    `## ${section}`,
    ...members.map(renderSetting),
  ]);
  return page('Settings', INTRODUCTION.trim(), ...sections);
}

function renderSetting(definition: SettingDefinition): string {
  const { key, describe, unit, takesEffect, example } = definition;
  const facts = [
    `Flag: ${renderFlag(definition)}`,
    `Default: ${describeDefault(definition)}`,
    ...(unit === undefined ? [] : [`Unit: ${UNITS[unit] ?? unit}`]),
    `Example: \`${key}: ${example ?? 'undefined'}\``,
    ...(takesEffect === 'restart' ? ['A change takes effect at a restart'] : []),
  ];
  return `### ${key}\n\n${describe}\n\n${facts.map((fact) => `- ${fact}`).join('\n')}`;
}

function renderFlag({ key, flag }: SettingDefinition): string {
  if (flag === undefined) return key === 'app' ? 'none; the positional argument' : 'none';
  const value = flag.kind === 'switch' ? '' : ` ${flag.metavar ?? 'VALUE'}`;
  const spellings = [...(flag.short === undefined ? [] : [flag.short]), ...flag.names];
  const note =
    flag.kind === 'repeatable' ? ', may be repeated' : flag.sets === false ? ' sets it to `false`' : '';
  return spellings.map((spelling) => `\`${spelling}${value}\``).join(', ') + note;
}
