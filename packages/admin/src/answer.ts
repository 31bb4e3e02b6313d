import { CONTENT_TYPE, renderMetrics, type Snapshot } from '@gunicorn-ts/metrics';
import { type HealthFacts, liveness, readiness, startup, type Verdict } from './health.ts';
import type { Sample } from './history.ts';
import { statusJson } from './status-json.ts';
import { renderStatusPage, STATUS_POLICY } from './page/status-page.ts';

/** What was asked. */
export interface Question {
  readonly method: string;
  readonly target: string;
  readonly host: string | undefined;
  readonly accept: string | undefined;
}

/** What answers are made of. Both snapshots may be a moment old. */
export interface Source {
  readonly snapshot: (detail: 'all' | 'counts') => Snapshot;
  readonly facts: () => HealthFacts;
  readonly history: () => readonly Sample[];
  /** Only this machine can reach the listener. */
  readonly isLocal: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Of everything: what is shown is of this moment, for this reader, and for nobody's page. */
const HEADERS = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' };
const PATHS = ['/livez', '/readyz', '/startupz', '/metrics', '/status.json', '/status'] as const;
const LONGEST_TARGET = 512;

/** Answers a question. Looks only: there is nothing here that changes anything. */
export function answerTo({ method, target, host, accept }: Question, source: Source): Answer {
  if (method !== 'GET' && method !== 'HEAD') {
    return {
      ...text(405, 'Only GET and HEAD are answered here.'),
      headers: { ...HEADERS, ...PLAIN, Allow: 'GET, HEAD' },
    };
  }
  if (source.isLocal && !isLocalName(host)) {
    return text(403, 'This listener is for this machine; ask it by an address or as localhost.');
  }
  const [path = '', query = ''] = target.slice(0, LONGEST_TARGET).split('?', 2);
  switch (path) {
    case '/livez':
      return verdict(liveness(source.snapshot('counts'), source.facts()));
    case '/readyz':
      return verdict(readiness(source.snapshot('counts')));
    case '/startupz':
      return verdict(startup(source.snapshot('counts'), source.facts()));
    case '/metrics':
      return metrics(source.snapshot('all'), accept ?? '', query);
    case '/status.json':
      return json(200, statusJson(source.snapshot('all'), source.history()));
    case '/':
    case '/status':
      return page(renderStatusPage(source.snapshot('all'), source.history()));
    default:
      return text(404, `There is nothing here; there is ${PATHS.join(', ')}.`);
  }
}

const PLAIN = { 'Content-Type': 'text/plain; charset=utf-8' };

function text(status: number, sentence: string): Answer {
  return { status, headers: { ...HEADERS, ...PLAIN }, body: `${sentence}\n` };
}

function json(status: number, value: unknown): Answer {
  const headers = { ...HEADERS, 'Content-Type': 'application/json' };
  return { status, headers, body: `${JSON.stringify(value)}\n` };
}

function verdict({ isGood, reason }: Verdict): Answer {
  return json(isGood ? 200 : 503, { ok: isGood, reason });
}

function metrics(snapshot: Snapshot, accept: string, query: string): Answer {
  const format = accept.includes('application/openmetrics-text') ? 'openmetrics' : 'prometheus';
  const byWorker = new URLSearchParams(query).get('workers') === '1';
  return {
    status: 200,
    headers: { ...HEADERS, 'Content-Type': CONTENT_TYPE[format], Vary: 'Accept' },
    body: renderMetrics(snapshot, { format, byWorker }),
  };
}

function page(body: string): Answer {
  const headers = {
    ...HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': STATUS_POLICY,
    'Referrer-Policy': 'no-referrer',
  };
  return { status: 200, headers, body };
}

/**
 * A page somewhere else, whose name was made to lead to this machine, would ask with that name (DNS rebinding).
 * HTTP/1.0 may leave it out.
 */
function isLocalName(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return name === 'localhost' || /^\d+\.\d+\.\d+\.\d+$/.test(name) || /^\[[\da-f:.]+\]$/.test(name);
}
