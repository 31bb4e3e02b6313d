/** What a rule needs of oxlint's (ESLint's) plugin interface. */
export interface RuleContext {
  readonly filename: string;
  report(finding: { readonly node: object; readonly message: string }): void;
}

/** A syntax node, as far as the rules look into it. */
export interface SyntaxNode {
  readonly type: string;
  readonly [member: string]: unknown;
}

export type Visitor = Readonly<Record<string, (node: SyntaxNode) => void>>;

export interface Rule {
  create(context: RuleContext): Visitor;
}

/** `packages/http/src/x.ts` as the package's folder (absolute), its top-level folder, its name, and `src`. */
export function placeOf(
  filename: string,
): { readonly root: string; readonly top: string; readonly name: string; readonly part: string } | undefined {
  const found = /^(?<root>.*\/(?<top>packages|apps|examples|tooling)\/(?<name>[^/]+))\/(?<part>[^/]+)/.exec(
    filename,
  );
  if (found?.groups === undefined) return undefined;
  const { root = '', top = '', name = '', part = '' } = found.groups;
  return { root, top, name, part };
}

/** `a.b.c` for a chain of members, `undefined` for anything else. */
export function dottedName(node: unknown): string | undefined {
  const { type, name, object, property, computed } = (node ?? {}) as Record<string, unknown>;
  if (type === 'Identifier') return String(name);
  if (type !== 'MemberExpression' || computed === true) return undefined;
  const left = dottedName(object);
  const right = dottedName(property);
  return left === undefined || right === undefined ? undefined : `${left}.${right}`;
}
