import { HOOK_SIDE, SETTING_SECTIONS, type HookName, type SettingDefinition } from '@gunicorn-ts/interface';
import { describeDefault } from './definition.ts';
import { builtinDefinitions } from './registry.ts';

const INTRO = `# Settings

<!-- Generated from the registry in packages/config; edit the definitions there. -->

Every setting can stand in \`gunicorn.conf.ts\` under its key. Most have a flag too, spelled as Gunicorn spells it.
Sources, lowest first: the default, \`gunicorn.conf.ts\` (or \`.mts\`, \`.js\`, \`.mjs\`, \`.cjs\`; in the launch
directory, or named by \`--config\`), the flags in the environment variable \`GUNICORN_CMD_ARGS\`, the command line. A list from
a higher source replaces the lower one. \`gunicorn --print-config\` shows each value and where it came from.

Relative paths are seen from \`chdir\`. A change takes effect on reload (\`kill -HUP\`) unless its entry says restart.
`;

/** The reference page `docs/settings.md`, in Markdown, made from the registry. */
export function renderSettingsPage(): string {
  const sections = SETTING_SECTIONS.flatMap((section) => {
    const members = builtinDefinitions.filter((definition) => definition.section === section);
    if (members.length === 0) return [];
    const body = section === 'Server Hooks' ? renderHooks(members) : members.map(renderSetting).join('\n');
    return [`## ${section}\n\n${body}`];
  });
  return [INTRO, ...sections].join('\n');
}

function renderSetting(definition: SettingDefinition): string {
  const rows: [string, string][] = [
    ['Flag', renderFlag(definition)],
    ['Default', describeDefault(definition)],
    ...(definition.unit === undefined
      ? []
      : [['Unit', UNITS[definition.unit] ?? definition.unit] as [string, string]]),
    ['Takes effect on', definition.takesEffect ?? 'reload'],
    ['Example', `\`${definition.key}: ${definition.example ?? 'undefined'}\``],
  ];
  const list = rows.map(([name, value]) => `- ${name}: ${value}`).join('\n');
  return `### ${definition.key}\n\n${definition.describe}\n\n${list}\n`;
}

const UNITS: Readonly<Record<string, string>> = { s: 'seconds', ms: 'milliseconds', bytes: 'bytes' };

function renderFlag({ key, flag }: SettingDefinition): string {
  if (flag === undefined) return key === 'app' ? 'none; the positional argument' : 'none';
  const value = flag.kind === 'switch' ? '' : ` ${flag.metavar ?? 'VALUE'}`;
  const spellings = [...(flag.short === undefined ? [] : [flag.short]), ...flag.names];
  const note =
    flag.kind === 'repeatable' ? ', may be repeated' : flag.sets === false ? ' sets it to `false`' : '';
  return spellings.map((spelling) => `\`${spelling}${value}\``).join(', ') + note;
}

function renderHooks(hooks: readonly SettingDefinition[]): string {
  const lead =
    'Functions in `gunicorn.conf.ts`. In the arbiter a hook that rejects during start-up stops the start; later it is ' +
    'logged. In a worker a hook that throws while booting ends that worker; later it is logged.\n\n';
  const rows = hooks.map(({ key, describe }) => {
    const sentence = describe.replace(/^(Arbiter|Worker): /, '');
    return `| \`${key}\` | ${HOOK_SIDE[key as HookName]} | ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)} |`;
  });
  return `${lead}| Hook | Runs in | When |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
}
