import { createHash } from 'node:crypto';
import {
  allTimes,
  countOf,
  DURATION_BOUNDS,
  quantile,
  type Snapshot,
  STANDS_STILL_S,
  type WorkerSnapshot,
} from '@gunicorn-ts/metrics';
import type { Sample } from '../history.ts';
import { html, Html } from './html.ts';
import { count, duration, percent, size } from './quantity.ts';
import { SCRIPT } from './script.ts';
import { sparkline } from './sparkline.ts';
import { STYLE } from './style.ts';

/** No request but to this page, and nothing on it that it did not come with. */
export const STATUS_POLICY: string = [
  "default-src 'none'",
  `style-src '${hashOf(STYLE)}'`,
  `script-src '${hashOf(SCRIPT)}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** To the last blank what its hash was made of. */
function inlined(tag: 'style' | 'script', text: string): Html {
  return new Html(`<${tag}>${text}</${tag}>`);
}

/** The page for people. Pure. */
export function renderStatusPage(snapshot: Snapshot, history: readonly Sample[]): string {
  const { name } = snapshot;
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${snapshot.isReady ? '' : '✗ '}${name} · gunicorn</title>
        <noscript><meta http-equiv="refresh" content="2" /></noscript>
        ${inlined('style', STYLE)}
      </head>
      <body>
        <main>
          ${header(snapshot)} ${tiles(snapshot, history)}
          <section>
            <h2>Workers</h2>
            <div class="workers">${snapshot.workers.map(worker)}</div>
          </section>
          <div class="pair">${latency(snapshot)}${facts(snapshot)}</div>
          ${events(snapshot)}
        </main>
        ${inlined('script', SCRIPT)}
      </body>
    </html> `;
  return page.text;
}

function header({ name, at, startedAt, generation, workerClass, version, isReady, stage }: Snapshot): Html {
  const state = isReady ? 'ready' : stage.phase === 'serving' ? 'not ready' : stage.phase;
  return html`<header>
    <h1>${name}</h1>
    <span class="soft"
      >up ${duration((at - startedAt) / 1000)} · generation ${generation}${stage.isReloading && ', reloading'}
      · ${workerClass} · gunicorn ${version}</span
    >
    <span class="badge ${isReady ? '' : 'off'}">${state}</span>
  </header>`;
}

function tiles({ workers, totals }: Snapshot, history: readonly Sample[]): Html {
  const last = history.at(-1);
  const active = Math.max(0, totals.counters.requestsArrived - totals.counters.requestsEnded);
  const busy = workers.map(shownCondition).filter((one) => one === 'busy' || one === 'hung').length;
  const tile = (name: string, value: string, numbers: readonly number[], note = ''): Html =>
    html`<div class="tile">
      <span class="soft">${name}</span><b>${value}</b><span class="soft">${note}</span>${sparkline(numbers)}
    </div>`;
  const of = (key: Exclude<keyof Sample, 'at'>): readonly number[] => history.map((sample) => sample[key]);
  return html`<section class="tiles">
    ${tile('requests a second', count(last?.requestsPerSecond ?? 0), of('requestsPerSecond'), `${active} under way`)}
    ${tile('95 of 100 within', last === undefined || last.p95Seconds === 0 ? '–' : duration(last.p95Seconds), of('p95Seconds'), 'by buckets')}
    ${tile('busy', percent(last?.busyRatio ?? 0), of('busyRatio'), `${busy} of ${workers.length} workers`)}
    ${tile('queue', String(last?.queue ?? 0), of('queue'), 'connections')}
    ${tile('answered 5xx', percent(last?.failedRatio ?? 0), of('failedRatio'), 'of requests')}
  </section>`;
}

/** As `gunicorn top` has it: one that stands still hangs, before the arbiter says so. */
function shownCondition({ condition, silentSeconds }: WorkerSnapshot): WorkerSnapshot['condition'] {
  const serves = condition === 'busy' || condition === 'idle';
  return serves && silentSeconds > STANDS_STILL_S ? 'hung' : condition;
}

/** With the processes that its application runs in. */
function residentBytes({ process, applications }: WorkerSnapshot): number | undefined {
  return process && applications.reduce((sum, each) => sum + each.residentBytes, process.residentBytes);
}

function worker(each: WorkerSnapshot): Html {
  const condition = shownCondition(each);
  const { slot, pid, request, requests, busySeconds, upSeconds, connections } = each;
  const resident = residentBytes(each);
  const now =
    request === undefined ? html`` : html`<strong>${duration(request.seconds)}</strong> ${request.text}`;
  const share = upSeconds > 0 ? percent(Math.min(1, busySeconds / upSeconds)) : '–';
  return html`<div class="worker ${condition}">
    <p>
      <b>${slot}</b> <strong>${condition}</strong>
      <span class="soft">pid ${pid} · up ${duration(upSeconds)}</span>
    </p>
    <p class="now" title="${request?.text}">${now}</p>
    <p class="soft">
      ${count(requests)} requests · ${connections} conn · busy
      ${share}${resident !== undefined && html` · ${size(resident)}`}
    </p>
  </div>`;
}

function latency({ totals }: Snapshot): Html {
  const { buckets } = allTimes(totals);
  const most = Math.max(1, ...buckets);
  const total = countOf({ sum: 0, buckets });
  const rows = buckets.map((number, index) => {
    const bound = DURATION_BOUNDS[index];
    const name = bound === undefined ? `> ${duration(DURATION_BOUNDS.at(-1) ?? 0)}` : `≤ ${duration(bound)}`;
    const part = ((number / most) * 100).toFixed(1);
    return html`<span class="soft">${name}</span
      ><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect width="100" height="10" class="calm" />
        <rect width="${part}" height="10" /></svg
      ><span>${count(number)}</span>`;
  });
  const shown =
    total === 0
      ? 'no request yet'
      : [0.5, 0.95, 0.99].map((part) => `p${part * 100} ≈ ${duration(quantile(buckets, part))}`).join(' · ');
  return html`<section>
    <h2>Latency since the start <span class="soft">${shown}</span></h2>
    <div class="bars">${rows}</div>
  </section>`;
}

function facts(snapshot: Snapshot): Html {
  const { totals, lost, counts, listeners } = snapshot;
  const { counters, refusals } = totals;
  const refused = Object.values(refusals).reduce((sum, each) => sum + each, 0);
  const ends = Object.entries(counts.exits).filter(([, number]) => number > 0);
  const row = (name: string, value: string | Html): Html =>
    html`<tr>
      <th class="soft">${name}</th>
      <td>${value}</td>
    </tr>`;
  const queues = listeners.map(({ url, queue }) =>
    row(
      url,
      queue === undefined
        ? 'queue not known'
        : `${queue.waiting} of ${queue.limit} wait${queue.drops === undefined ? '' : `, ${queue.drops} dropped`}`,
    ),
  );
  return html`<section>
    <h2>Numbers since the start</h2>
    <table>
      ${row('requests', `${count(counters.requestsEnded)}, ${count(refused)} refused, ${count(counters.abortedByClient)} left by the client, ${counters.timedOut} timed out`)}
      ${row('lost with a worker', html`<span class="${lost > 0 && 'lost'}">${lost}</span>`)}
      ${row('bytes', `${size(counters.bytesReceived)} in, ${size(counters.bytesSent)} out`)}
      ${row('workers', `${counts.starts} started${ends.map(([cause, number]) => `, ${number} ended: ${cause}`).join('')}`)}
      ${row('reloads', `${counts.reloads.done} done, ${counts.reloads.refused} refused`)}
      ${row('memory', memory(snapshot))} ${queues}
    </table>
  </section>`;
}

function memory({ workers, arbiter, shared }: Snapshot): string {
  const sum = (all: readonly (number | undefined)[]): number =>
    all.reduce<number>((before, each = 0) => before + each, 0);
  const parts = [
    `${size(sum(workers.map(residentBytes)))} in workers`,
    `${size(arbiter?.residentBytes ?? 0)} in the arbiter`,
    ...(shared.length === 0
      ? []
      : [`${size(sum(shared.map((each) => each.residentBytes)))} in what Python is forked from`]),
  ];
  return parts.join(', ');
}

function events({ events: list }: Snapshot): Html {
  const rows = list.toReversed().map(
    ({ at, text, isTrouble }) =>
      html`<tr>
        <th class="soft">${new Date(at).toISOString().slice(11, 19)}</th>
        <td class="${isTrouble && 'trouble'}">${text}</td>
      </tr>`,
  );
  return html`<section>
    <h2>Events <span class="soft">UTC</span></h2>
    <table>
      ${rows}
    </table>
  </section>`;
}
