import { dottedName, type Rule, type SyntaxNode } from './rule.ts';

/** `await setTimeout(100)` and `new Promise((resolve) => setTimeout(resolve, 100))`. */
function isSleep(node: SyntaxNode): boolean {
  const argument = node['argument'] as SyntaxNode;
  if (argument.type === 'CallExpression') {
    return /^(setTimeout|sleep|delay|wait|timers\.setTimeout|scheduler\.wait)$/.test(
      dottedName(argument['callee']) ?? '',
    );
  }
  if (argument.type !== 'NewExpression' || dottedName(argument['callee']) !== 'Promise') return false;
  const [executor] = argument['arguments'] as readonly SyntaxNode[];
  const [resolve] = (executor?.['params'] ?? []) as readonly SyntaxNode[];
  let body = executor?.['body'] as SyntaxNode | undefined;
  if (body?.type === 'BlockStatement') {
    const [only, ...others] = body['body'] as readonly SyntaxNode[];
    body = others.length === 0 ? (only?.['expression'] as SyntaxNode | undefined) : undefined;
  }
  if (body?.type !== 'CallExpression' || dottedName(body['callee']) !== 'setTimeout') return false;
  const [called] = body['arguments'] as readonly SyntaxNode[];
  return resolve !== undefined && dottedName(called) === dottedName(resolve);
}

/** A test waits for what it needs, not for a time: too short is flaky on a slow machine, long enough is slow everywhere. */
export const fixedSleep: Rule = {
  create(context) {
    if (!context.filename.endsWith('.test.ts')) return {};
    let loops = 0;
    const enter = (): void => {
      loops += 1;
    };
    const leave = (): void => {
      loops -= 1;
    };
    return {
      WhileStatement: enter,
      'WhileStatement:exit': leave,
      DoWhileStatement: enter,
      'DoWhileStatement:exit': leave,
      ForStatement: enter,
      'ForStatement:exit': leave,
      AwaitExpression(node) {
        // Inside a loop it is the pause between two looks at a condition.
        if (loops > 0 || !isSleep(node)) return;
        context.report({
          node,
          message:
            'a test must not sleep for a fixed time; wait for the log line, the event or the answer that it needs (test-kit: server.log)',
        });
      },
    };
  },
};
