import type { Growth } from './copy/open-files.ts';
import type { Happened } from './events/event.ts';
import { EXCUSE, isExcused, KILL_MS } from './excuse.ts';
import { EVENT_NAMES, type EventName } from './events/names.ts';
import type { ClientKind, Entry, Ledger } from './load/ledger.ts';
import { MOST_IN_FLIGHT } from './load/open-loop.ts';

/** A property that must hold, and whether it did. */
export interface Verdict {
  /** `reload ×3`, `access log = ledger`. */
  readonly property: string;
  readonly holds: boolean;
  /** In words: how often, how fast, or what broke it. */
  readonly detail: string;
  readonly lost: readonly Entry[];
}

/** A request that was begun so late counts to what comes after: milliseconds. */
const AFTERMATH_MS = 300;
/** As many connections as the load has at a time, and what a worker opens when it first needs it. */
const MOST_OPEN_MORE: number = MOST_IN_FLIGHT + 16;
/** No request is lost in an event; of one that kills a process, only what had begun by then may be. */
export function judgeEvents(happened: readonly Happened[], ledger: Ledger): readonly Verdict[] {
  const byName = Map.groupBy(happened, ({ name }) => name);
  return EVENT_NAMES.filter((name) => byName.has(name)).map((name) =>
    judgeEvent(name, byName.get(name)!, ledger),
  );
}

function judgeEvent(name: EventName, all: readonly Happened[], ledger: Ledger): Verdict {
  const lost = all.flatMap(({ from, to }) => ledger.lostBetween(from, to + AFTERMATH_MS));
  const unexcused = all.flatMap((one) =>
    ledger.lostBetween(one.from, one.to + AFTERMATH_MS).filter((entry) => !isExcused(entry, one)),
  );
  const faults = all.flatMap(({ fault }) => fault ?? []);
  const excused = lost.length - unexcused.length;
  const words = [
    `${lost.length} lost${excused > 0 ? `, ${excused} of them ${EXCUSE[name] ?? ''}` : ''}`,
    ...(all.some(({ fault }) => fault === undefined) ? [slowest(all, ledger)] : []),
    ...new Set(faults),
    ...(faults.length === 0 ? [all.at(-1)!.note] : []),
  ];
  return {
    property: `${name} ×${all.length}`,
    holds: unexcused.length === 0 && faults.length === 0,
    detail: words.filter((word) => word !== '').join('; '),
    lost,
  };
}

function slowest(all: readonly Happened[], ledger: Ledger): string {
  const during = ledger.entries.filter(
    ({ outcome, client, startedAt, endedAt }) =>
      outcome === 'answered' &&
      !isSlowByItself(client) &&
      all.some(({ from, to }) => endedAt >= from && startedAt <= to),
  );
  const times = during.map(({ startedAt, endedAt }) => endedAt - startedAt).sort((a, b) => a - b);
  const p99 = times[Math.max(0, Math.ceil(times.length * 0.99) - 1)];
  return p99 === undefined ? '' : `p99 ${Math.round(p99)} ms`;
}

function isSlowByItself(client: ClientKind): boolean {
  return client === 'slow-reader' || client === 'websocket' || client === 'upload';
}

/** Between events nothing is lost either. */
export function judgeQuiet(happened: readonly Happened[], ledger: Ledger): Verdict {
  const lost = ledger.entries.filter(
    ({ outcome, startedAt, endedAt }) =>
      outcome === 'lost' &&
      !happened.some(({ from, to }) => endedAt >= from && startedAt <= to + AFTERMATH_MS),
  );
  const count = ledger.entries.length;
  const again =
    ledger.askedAgain === 0 ? '' : `, ${ledger.askedAgain} asked again, which nobody had seen yet`;
  return {
    property: 'nothing happens',
    holds: lost.length === 0,
    detail: `${lost.length} lost of ${count}${again}`,
    lost,
  };
}

/** Each answered request stands in the access log once, with its status. */
export function judgeAccessLog(
  logged: ReadonlyMap<string, readonly string[]>,
  ledger: Ledger,
  happened: readonly Happened[],
): Verdict {
  const property = 'access log = answers';
  const kills = happened.flatMap(({ killedAt }) => killedAt ?? []);
  const wrong = ledger.entries.filter(({ id, client, outcome, status, endedAt }) => {
    // Of a WebSocket there is one line, and a moment of it for each time that it was looked at.
    if (client === 'websocket') return false;
    const lines = logged.get(id) ?? [];
    if (lines.length > 1) return true;
    if (outcome !== 'answered' || (lines.length === 1 && lines[0] === String(status))) return false;
    // What a killed worker had not written yet is gone with it.
    return lines.length === 1 || !kills.some((killedAt) => Math.abs(endedAt - killedAt) < KILL_MS);
  });
  const [first] = wrong;
  const detail =
    first === undefined
      ? `${logged.size} lines`
      : `${wrong.length} differ; ${first.id}: answered ${String(first.status)}, logged ${(logged.get(first.id) ?? ['nothing']).join(', ')}`;
  return { property, holds: wrong.length === 0, detail, lost: [] };
}

/** Whoever is told to come again does; who is dropped without a word sees an error. */
export function judgeWebSockets(
  codes: ReadonlyMap<number, number>,
  ledger: Ledger,
  happened: readonly Happened[],
): Verdict {
  const all = ledger.entries.filter(({ client }) => client === 'websocket');
  const lost = all.filter(
    (entry) => entry.outcome === 'lost' && !happened.some((one) => isExcused(entry, one)),
  );
  const heard = [...codes].toSorted().map(([code, times]) => `${times} × ${code}`);
  const closed = heard.length === 0 ? 'none was closed by the server' : `closed by ${heard.join(', ')}`;
  return {
    property: 'WebSockets are told',
    holds: lost.length === 0,
    detail: `${lost.length} dropped without a word; ${closed}`,
    lost,
  };
}

/** Descriptors do not pile up in any process. */
export function judgeOpenFiles(growth: readonly Growth[]): Verdict {
  const [worst] = growth.toSorted((a, b) => b.last - b.first - (a.last - a.first));
  const grown = worst === undefined ? 0 : worst.last - worst.first;
  return {
    property: 'open files',
    holds: grown <= MOST_OPEN_MORE,
    detail:
      worst === undefined
        ? 'no process was seen'
        : `at most ${worst.first} → ${worst.last} (process ${worst.pid})`,
    lost: [],
  };
}
