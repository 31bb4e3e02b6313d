import { STANDS_STILL_S } from '@gunicorn-ts/metrics';
import type { ProcessUse, ServerFigures, WorkerFigures } from '../../figures.ts';
import type { ServerStatus, WorkerStatus } from '../../status.ts';
import { columns, describeSeconds, printJson, printLines } from '../output.ts';
import { memoryOf, usesOf } from '../top/sample.ts';
import { duration, memory, number } from '../top/units.ts';
import type { Verb } from '../verb.ts';

/** One worker, as it is shown. */
type Shown = WorkerStatus & WorkerFigures;

interface Column {
  readonly title: string;
  /** Only where a worker has something to say here. */
  readonly isOptional?: boolean;
  cell(worker: Shown, generation: number): string;
}

const COLUMNS: readonly Column[] = [
  { title: 'SLOT', cell: ({ slot }) => String(slot) },
  { title: 'PID', cell: ({ pid }) => (pid === 0 ? '-' : String(pid)) },
  {
    title: 'PYTHON',
    isOptional: true,
    cell: ({ applications = [] }) => applications.map(({ pid }) => pid).join(','),
  },
  { title: 'STATE', cell: stateOf },
  { title: 'UP', cell: ({ upSeconds }) => describeSeconds(upSeconds) },
  {
    title: 'GEN',
    cell: ({ generation }, current) => (generation === current ? String(generation) : `${generation} (old)`),
  },
  { title: 'LAST SIGN', cell: ({ silentSeconds }) => `${silentSeconds.toFixed(1)} s ago` },
  {
    title: 'REQS',
    isOptional: true,
    cell: ({ count }) => (count === undefined ? '' : number(count.requests)),
  },
  { title: 'CPU', isOptional: true, cell: cpuOf },
  { title: 'PSS', isOptional: true, cell: pssOf },
  {
    title: 'NOW',
    isOptional: true,
    cell: ({ count }) =>
      count?.request === undefined ? '' : `${duration(count.request.seconds)} ${count.request.text}`,
  },
];

/** `gunicorn ps`. */
export const ps: Verb = {
  exits: { 0: 'the workers were listed' },
  async run({ isJson }, { session, io }) {
    const { workers, generation } = await session.ask<ServerStatus>('status');
    const figures = await session.ask<ServerFigures>('figures');
    const shown = workers.map((worker) => ({
      ...worker,
      ...figures.workers.find(({ age }) => age === worker.age),
    }));
    if (isJson) printJson(io, shown);
    else printLines(io, tableOf(shown, generation));
    return 0;
  },
};

/** Pure. */
export function tableOf(workers: readonly Shown[], generation: number): readonly string[] {
  const shown = COLUMNS.filter(
    ({ isOptional, cell }) =>
      isOptional !== true || workers.some((worker) => cell(worker, generation) !== ''),
  );
  return columns(
    shown.map(({ title }) => title),
    workers.map((worker) => shown.map(({ cell }) => cell(worker, generation) || '-')),
  );
}

/** As `gunicorn top` has it: one that stands still hangs, before the arbiter says so. */
function stateOf({ condition, silentSeconds }: Shown): string {
  return condition === 'ready' && silentSeconds > STANDS_STILL_S ? 'hung' : condition;
}

function usesOfShown(worker: Shown): readonly ProcessUse[] {
  return worker.use === undefined ? [] : usesOf(worker);
}

/** Since their start. */
function cpuOf(worker: Shown): string {
  const uses = usesOfShown(worker);
  return uses.length === 0 ? '' : duration(uses.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0));
}

function pssOf(worker: Shown): string {
  const uses = usesOfShown(worker);
  return uses.length === 0 ? '' : memory(memoryOf(uses));
}
