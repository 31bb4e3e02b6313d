import { styleText } from 'node:util';
import type { ServerFigures } from '../../figures.ts';
import { describeMoment, plain } from '../output.ts';
import type { Model, Row } from './sample.ts';
import { age, bytes, duration, memory, number, percent } from './units.ts';

/** How the table is to be shown. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly sort: SortKey;
  /** The processes of Python have lines of their own. */
  readonly isTree: boolean;
  readonly isColored: boolean;
  /** Bars and ellipses; a terminal of another encoding shows garbage for them. */
  readonly isUnicode: boolean;
  /** The time of day. */
  readonly clock: string;
  /** Below the table: a question, an outcome, stacks. */
  readonly notes: readonly string[];
}

/** By what the table is ordered. */
export type SortKey = 'slot' | 'busy' | 'cpu' | 'memory' | 'requests' | 'age';

interface Column {
  readonly title: string;
  readonly width: number;
  readonly isText?: boolean;
  /** In the wide table alone. */
  readonly isWide?: boolean;
  /** Only where workers count. */
  readonly isCounted?: boolean;
  cell(row: Row): string;
}

const WIDE = 110;
/** What the request of a worker has at least. */
const LEAST_NOW = 12;

const COLUMNS: readonly Column[] = [
  { title: 'SLOT', width: 4, cell: ({ slot }) => String(slot) },
  { title: 'PID', width: 7, cell: ({ pid }) => (pid === 0 ? '-' : String(pid)) },
  { title: 'PY PID', width: 7, isWide: true, cell: pythonOf },
  { title: 'ST', width: 5, isText: true, cell: ({ doing }) => doing },
  { title: 'UP', width: 6, cell: ({ upSeconds }) => age(upSeconds) },
  { title: 'REQS', width: 6, isCounted: true, cell: ({ requests }) => number(requests) },
  { title: 'R/S', width: 5, isCounted: true, cell: ({ rate }) => number(rate) },
  { title: 'BUSY%', width: 5, isCounted: true, cell: ({ busy }) => percent(busy) },
  { title: 'AVG', width: 6, isWide: true, isCounted: true, cell: ({ average }) => time(average) },
  { title: 'P99', width: 6, isWide: true, isCounted: true, cell: ({ p99 }) => time(p99) },
  { title: 'CPU%', width: 5, cell: ({ cpu }) => percent(cpu) },
  { title: 'RSS', width: 6, isWide: true, cell: ({ memory }) => bytes(memory.rss) },
  { title: 'PSS', width: 6, cell: (row) => memory(row.memory) },
  { title: 'USS', width: 6, cell: ({ memory }) => bytes(memory.uss) },
  { title: 'NOW', width: 0, isText: true, cell: nowOf },
];

function pythonOf({ applicationPids: [first, ...others] }: Row): string {
  return others.length === 0 ? String(first ?? '-') : `${others.length + 1} procs`;
}

function time(seconds: number | undefined): string {
  return seconds === undefined ? '-' : duration(seconds);
}

function nowOf({ now, doing, silentSeconds }: Row): string {
  if (now !== undefined) return `${duration(now.seconds)} ${now.text}`;
  return doing === 'hung' ? `silent ${duration(silentSeconds)}` : '';
}

/** Which request a worker hangs in counts for more than when it is ended: without room for both that is left out. */
function withKill(text: string, { killInSeconds }: Row, room: number, view: View): string {
  if (killInSeconds === undefined) return text;
  const kill = ` kill: ${Math.ceil(killInSeconds)}s`;
  const rest = room - kill.length;
  return rest < LEAST_NOW ? text : cut(text, { ...view, width: rest }) + kill;
}

const SORTS: Readonly<Record<SortKey, (one: Row, other: Row) => number>> = {
  slot: (one, other) => one.slot - other.slot,
  busy: (one, other) => (other.busy ?? 0) - (one.busy ?? 0),
  cpu: (one, other) => (other.cpu ?? 0) - (one.cpu ?? 0),
  memory: (one, other) => (other.memory.pss ?? other.memory.rss) - (one.memory.pss ?? one.memory.rss),
  requests: (one, other) => (other.requests ?? 0) - (one.requests ?? 0),
  age: (one, other) => other.upSeconds - one.upSeconds,
};

/** The lines of the screen, each as wide as the terminal at most. Pure. */
export function screenLines(model: Model, view: View): readonly string[] {
  const head = view.width >= WIDE ? wideHead(model, view) : narrowHead(model, view);
  const notes = shownNotes(view, head.length);
  const room = Math.max(1, view.height - head.length - 2 - notes.length);
  const rows = [...tableRows(model, view), ...(view.isTree ? otherLines(model, view) : [])];
  const hidden = rows.length - room;
  const shown = hidden > 0 ? [...rows.slice(0, room - 1), `  ${hidden + 1} more`] : rows;
  return [...head, ...tableHead(model, view), ...shown, ...notes.map((note) => cut(note, view))];
}

/** Of notes that leave no line for a worker the last one stays: it may be a question. */
function shownNotes({ height, notes }: View, headHeight: number): readonly string[] {
  const most = Math.max(1, height - headHeight - 2);
  return notes.length > most ? [...notes.slice(0, most - 1), ...notes.slice(-1)] : notes;
}

/** The keys, for the last line. */
export function keysLine(width: number): string {
  return width >= WIDE
    ? '[R]eload  [+/-] scale  [b/c/m/r/a/s] sort  [w] tree  [l]og  [k] stacks  [p]ause  [q]uit'
    : '[R]eload [+/-] scale [bcmras] sort [w] tree [l]og [k] stacks [p]ause [q]uit';
}

function narrowHead(model: Model, view: View): readonly string[] {
  const { status } = model;
  const ready = status.workers.filter(({ condition }) => condition === 'ready').length;
  const first = `gunicorn ${status.name}  up ${age(status.upSeconds)}  gen ${status.generation}  ${status.workerClass}  ${ready}/${status.target} ready${busyText(model)}`;
  return [beside(first, view.clock, view), ...requestLines(model, view), machineLine(model, view)];
}

function wideHead(model: Model, view: View): readonly string[] {
  const { status } = model;
  const ready = status.workers.filter(({ condition }) => condition === 'ready').length;
  const { lastReload } = status;
  const reload = status.isReloading
    ? ' (reloading)'
    : lastReload === undefined
      ? ''
      : ` (reload ${lastReload.result})`;
  const first = `gunicorn ${status.version}  ${status.name}   pid ${status.pid}   up ${age(status.upSeconds)}   generation ${status.generation}${reload}   ${status.workerClass}`;
  const workers = `workers  ${ready} of ${status.target} ready${busyText(model)}${busyBar(model, view)}`;
  return [
    beside(first, view.clock, view),
    cut(workers, view),
    ...requestLines(model, view),
    machineLine(model, view),
  ];
}

function busyText({ rows, figures }: Model): string {
  if (figures.count === undefined) return '';
  const busy = rows.filter(({ doing }) => doing === 'busy').length;
  return `, ${busy} busy`;
}

function busyBar({ rows }: Model, { isUnicode }: View): string {
  const known = rows.flatMap(({ busy }) => busy ?? []);
  if (known.length === 0) return '';
  const part = known.reduce((sum, busy) => sum + busy, 0) / known.length;
  const full = Math.round(part * 20);
  const [on, off] = isUnicode ? ['█', '░'] : ['#', '.'];
  return `   busy ${on.repeat(full)}${off.repeat(20 - full)} ${percent(part)}`;
}

function requestLines(
  { rate, quantiles, clientErrors, serverErrors, waited, figures: { listeners } }: Model,
  view: View,
): readonly string[] {
  const queues = listeners.flatMap(({ url, waiting, limit }) =>
    waiting === undefined
      ? []
      : `${view.width >= WIDE ? `${url.replace(/^\w+:\/\//, '')} ` : ''}${waiting}/${limit ?? '?'}`,
  );
  const dropped = listeners.reduce((sum, { drops = 0 }) => sum + drops, 0);
  const queue = [
    ...(queues.length === 0 ? [] : [`queue ${queues.join(' ')}`]),
    ...(waited === undefined ? [] : [`wait p95 ${duration(waited)}`]),
    ...(dropped === 0 ? [] : [`dropped ${number(dropped)}`]),
  ];
  if (rate === undefined) return queue.length === 0 ? [] : [cut(queue.join('  '), view)];
  const times =
    quantiles === undefined
      ? []
      : [
          `p50 ${duration(quantiles.p50)}`,
          `p95 ${duration(quantiles.p95)}`,
          `p99 ${duration(quantiles.p99)}`,
        ];
  const isWide = view.width >= WIDE;
  const errors = [
    ...(isWide ? [`4xx ${(clientErrors * 100).toFixed(1)}%`] : []),
    `5xx ${(serverErrors * 100).toFixed(1)}%`,
  ];
  const figures = [
    `${number(rate)} req/s`,
    ...(isWide || times.length === 0 ? times : [times.join(' ')]),
    ...errors,
    ...queue,
  ];
  return [cut(figures.join('  '), view)];
}

function machineLine({ cores, throttled, figures: { system, count }, ...all }: Model, view: View): string {
  const used = `${memory(all.memory)} (${all.memory.pss === undefined ? 'rss' : 'pss'})`;
  return cut(
    [
      `cpu ${cores.toFixed(1)} of ${Number(system.cores.toFixed(2))} cores`,
      `mem ${used} of ${bytes(system.memoryBytes)}`,
      `load ${(system.load[0] ?? 0).toFixed(1)}`,
      ...(throttled === undefined ? [] : [`throttled ${percent(throttled)}`]),
      ...(count === undefined ? [] : [`restarts ${count.restarts}`]),
    ].join('  '),
    view,
  );
}

function columnsOf({ figures }: Model, { width }: View): readonly Column[] {
  return COLUMNS.filter(
    ({ isWide, isCounted }) =>
      (isWide !== true || width >= WIDE) && (isCounted !== true || figures.count !== undefined),
  );
}

function tableHead(model: Model, view: View): readonly string[] {
  const line = columnsOf(model, view).map(({ title, width, isText }) =>
    isText === true ? title.padEnd(width) : title.padStart(width),
  );
  return [styled('inverse', cut(line.join(' '), view).padEnd(view.isColored ? view.width : 0), view)];
}

function tableRows(model: Model, view: View): readonly string[] {
  const columns = columnsOf(model, view);
  return model.rows.toSorted(SORTS[view.sort]).flatMap((row) => {
    const cells = columns.map(({ width, isText, cell }) =>
      isText === true ? plain(cell(row)).padEnd(width) : cell(row).padStart(width),
    );
    const now = cells.pop() ?? '';
    const front = cells.join(' ');
    const line = cut(`${front} ${withKill(now, row, view.width - front.length - 1, view)}`.trimEnd(), view);
    return [styledRow(row, line, view), ...(view.isTree ? treeLines(row, model, view) : [])];
  });
}

type NamedUse = ServerFigures['others'][number];

/** The processes of a worker, where it has more than one. */
function treeLines({ pid }: Row, { figures }: Model, view: View): readonly string[] {
  const { use, applications = [], children = [] } = figures.workers.find((one) => one.use?.pid === pid) ?? {};
  const parts = [
    ...(use === undefined ? [] : [{ ...use, name: 'node' }]),
    ...applications.map((one) => ({ ...one, name: 'python' })),
    ...children.map((one) => ({ ...one, name: 'child' })),
  ];
  return parts.length < 2 ? [] : parts.map((one) => processLine(one, view));
}

/** What the workers have in common. */
function otherLines({ figures: { arbiter, others } }: Model, view: View): readonly string[] {
  const own = arbiter === undefined ? [] : [{ ...arbiter, name: 'arbiter' }];
  const shared = [...own, ...others];
  return ['   -  shared by all', ...shared.map((one) => processLine(one, view))];
}

function processLine({ pid, name, rssBytes, pssBytes, ussBytes, cpuSeconds }: NamedUse, view: View): string {
  return cut(
    `     ${view.isUnicode ? '└' : '+'} ${String(pid).padStart(7)} ${name.padEnd(7)} cpu ${duration(cpuSeconds)}  rss ${bytes(rssBytes)}  pss ${bytes(pssBytes)}  uss ${bytes(ussBytes)}`,
    view,
  );
}

/** What happened last, for the pane below the table. Pure. */
export function eventLines({ figures: { events } }: Model, most: number, now: number): readonly string[] {
  return events.slice(-most).map(({ at, text, isTrouble }) => {
    const line = text.split('\n', 1)[0] ?? '';
    return `${describeMoment(at, now)} ${isTrouble ? 'WARNING' : 'INFO   '}  ${line}`;
  });
}

function styledRow({ doing }: Row, line: string, view: View): string {
  if (doing === 'hung') return styled('red', line, view);
  if (doing === 'busy') return styled('green', line, view);
  return doing === 'boot' || doing === 'drain' ? styled('yellow', line, view) : line;
}

function styled(style: 'inverse' | 'red' | 'green' | 'yellow', text: string, { isColored }: View): string {
  return isColored ? styleText(style, text, { validateStream: false }) : text;
}

function cut(text: string, { width, isUnicode }: View): string {
  const clean = plain(text);
  if (clean.length <= width) return clean;
  return isUnicode ? `${clean.slice(0, width - 1)}…` : `${clean.slice(0, width - 1)}>`;
}

function beside(left: string, right: string, view: View): string {
  const room = view.width - right.length - 2;
  return `${cut(left, { ...view, width: room }).padEnd(room)}  ${right}`;
}
