import type { AccessExclusion } from '@gunicorn-ts/interface';
import { quote } from './value.ts';

const AGENT = 'agent:';
const MEMBERS = ['path', 'userAgent', 'method'] as const;

/** Reads `accessLogExclude`: texts and objects, one or several. Throws an `Error` that completes "accessLogExclude …". */
export function accessExclusions(value: unknown): readonly AccessExclusion[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((one) => (typeof one === 'string' ? exclusionOf(one.trim()) : checked(one)));
}

function exclusionOf(text: string): AccessExclusion {
  if (text.startsWith('/') || text === '*') return { path: text };
  if (text.startsWith(AGENT) && text.length > AGENT.length) return { userAgent: text.slice(AGENT.length) };
  throw new TypeError(
    `must hold paths such as "/healthz" or "/static/*", user agents such as "agent:kube-probe/*", or objects with path, userAgent and method, not ${quote(text)}`,
  );
}

function checked(value: unknown): AccessExclusion {
  const isObject = typeof value === 'object' && value !== null;
  const entries = isObject ? Object.entries(value as Record<string, unknown>) : [];
  const isRight = entries.every(([key, one]) => MEMBERS.includes(key as never) && typeof one === 'string');
  if (entries.length > 0 && isRight) return value as AccessExclusion;
  throw new TypeError(
    `must hold texts, or objects of texts named path, userAgent and method, not ${quote(value)}`,
  );
}
