import { HOOK_SIDE } from '@gunicorn-ts/interface';
import { read } from '../workspace.ts';
import { commentText, page, sentence, table } from './page.ts';

const SOURCE = 'packages/interface/src/hooks.ts';

interface Hook {
  readonly signature: string;
  readonly moment: string;
}

/** The members of `interface Hooks`, by name, with their comments. */
export function hooksIn(source: string): ReadonlyMap<string, Hook> {
  const body = /^export interface Hooks \{$(?<body>[\s\S]*?)^\}$/m.exec(source)?.groups?.['body'] ?? '';
  const hooks = new Map<string, Hook>();
  for (const { groups } of body.matchAll(
    /(?<comment>\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\s+(?<name>\w+)\?\((?<parameters>[^)]*)\)/g,
  )) {
    const { comment = '', name = '', parameters = '' } = groups ?? {};
    const names = parameters.split(',').flatMap((parameter) => parameter.trim().split(':')[0] || []);
    hooks.set(name, {
      signature: `${name}(${names.join(', ')})`,
      moment: sentence(commentText(comment).replace(/^(?:Arbiter|Worker): /, '')),
    });
  }
  return hooks;
}

/** What is said of hooks in general. */
function introduction(source: string): string {
  const comment = /(?<comment>\/\*\*(?:(?!\*\/)[\s\S])*\*\/)\nexport interface Hooks /.exec(source)?.groups?.[
    'comment'
  ];
  return commentText(comment ?? '');
}

export function renderHooksPage(): string {
  const source = read(SOURCE);
  const hooks = hooksIn(source);
  const rows = Object.entries(HOOK_SIDE).map(([name, side]) => {
    const hook = hooks.get(name);
    if (hook === undefined) throw new Error(`${SOURCE}: the hook ${name} has no comment`);
    return [`\`${hook.signature}\``, side, hook.moment];
  });
  return page(
    'Hooks',
    introduction(source),
    table(['hook', 'process', 'called'], rows),
    'An example: [examples/config](../examples/config/README.md).',
  );
}
