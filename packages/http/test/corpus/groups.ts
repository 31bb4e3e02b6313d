import { isDeepStrictEqual } from 'node:util';
import { DEFAULT_HTTP_POLICY, HttpRules } from '../../src/index.ts';
import type { CorpusCase } from './corpus-case.ts';
import { type Transcript, transcribe } from './transcript.ts';

/** Cases that one server can be asked, since its settings change nothing of what any of them is about. */
export interface CorpusGroup {
  /** Those that differ from their defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly cases: readonly CorpusCase[];
}

interface OpenGroup {
  settings: Record<string, unknown>;
  readonly cases: CorpusCase[];
}

/**
 * As few groups as are easily found: a server is started for each. What stands in front of HTTP, the PROXY protocol, is
 * not mixed with what does without.
 */
export function groupsOf(cases: readonly CorpusCase[]): readonly CorpusGroup[] {
  const groups: OpenGroup[] = [];
  for (const sample of cases) {
    const settings = settingsOf(sample);
    const group = groups.find((each) => hasRoom(each, sample, settings));
    if (group === undefined) groups.push({ settings, cases: [sample] });
    else {
      group.settings = { ...group.settings, ...settings };
      group.cases.push(sample);
    }
  }
  return groups;
}

function hasRoom(group: OpenGroup, sample: CorpusCase, settings: Readonly<Record<string, unknown>>): boolean {
  if ('proxyProtocol' in group.settings !== 'proxyProtocol' in settings) return false;
  const both = { ...group.settings, ...settings };
  if (!isUnchanged(sample, both)) return false;
  return isDeepStrictEqual(both, group.settings) || group.cases.every((each) => isUnchanged(each, both));
}

/** What the parser makes of a case that comes from a peer, through TLS or not. */
export function verdictOn(sample: CorpusCase, peer: string, secure = false): Transcript {
  return transcribe([sample.bytes], new HttpRules(sample.policy), { address: peer, secure });
}

function isUnchanged(sample: CorpusCase, settings: Readonly<Record<string, unknown>>): boolean {
  const policy = { ...DEFAULT_HTTP_POLICY, ...settings };
  return isDeepStrictEqual(verdictOn(sample, sample.peer), verdictOn({ ...sample, policy }, sample.peer));
}

function settingsOf({ policy }: CorpusCase): Record<string, unknown> {
  const defaults: Readonly<Record<string, unknown>> = { ...DEFAULT_HTTP_POLICY };
  return Object.fromEntries(
    Object.entries(policy).filter(([key, value]) => !isDeepStrictEqual(value, defaults[key])),
  );
}
