import type { Autopsy, AutopsyFrame, RequestSummary } from '@gunicorn-ts/interface';

/** More of each than a report shows; a text is that of a path or a target. */
const MOST_ITEMS = 100;
const LONGEST_TEXT = 1000;
const LONGEST_STACKS = 32 * 1024;

/**
 * Reads an autopsy from the line that a watchdog wrote. The application has the descriptor as well: whatever stands
 * there becomes an autopsy of reasonable size, or `undefined`.
 */
export function parseAutopsy(line: string): Autopsy | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const said = record(value);
  if (said['version'] !== 1 || !Array.isArray(said['stack']) || !Array.isArray(said['inFlight']))
    return undefined;
  const { asked, reason, processStacks, heapUsedBytes, rssBytes } = said;
  return {
    version: 1,
    stuckMs: number(said['stuckMs']),
    stack: said['stack'].slice(0, MOST_ITEMS).map(frameOf),
    inFlight: said['inFlight'].slice(0, MOST_ITEMS).map(requestOf),
    ...(asked !== undefined && { asked: number(asked) }),
    ...(reason !== undefined && { reason: text(reason) }),
    ...(processStacks !== undefined && { processStacks: text(processStacks, LONGEST_STACKS) }),
    ...(heapUsedBytes !== undefined && { heapUsedBytes: number(heapUsedBytes) }),
    ...(rssBytes !== undefined && { rssBytes: number(rssBytes) }),
  };
}

function frameOf(value: unknown): AutopsyFrame {
  const { functionName, file, line, column } = record(value);
  return { functionName: text(functionName), file: text(file), line: number(line), column: number(column) };
}

function requestOf(value: unknown): RequestSummary {
  const { method, target, ageMs, peer } = record(value);
  return { method: text(method), target: text(target), ageMs: number(ageMs), peer: text(peer) };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown, longest: number = LONGEST_TEXT): string {
  return typeof value === 'string' ? value.slice(0, longest) : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
