import type { WorkerMessage, WorkerView } from '@gunicorn-ts/interface';
import { arrow, box, drawing, note, type Box } from './svg.ts';

type Phase = WorkerView['phase'];

/** The compiler holds these against the phases that the arbiter knows. */
const PHASES = {
  booting: ['booting', 'drops privileges,', 'loads the application'],
  ready: ['ready', 'takes connections', 'from the kernel’s queue'],
  draining: ['draining', 'takes nothing new,', 'finishes what it has'],
} as const satisfies Record<Phase, readonly string[]>;

/** What a worker says, where it leads from one phase to the next. */
const SAYS = {
  ready: 'says “ready”',
  recycle: 'says “recycle”: replaced while it serves',
  bootFailed: 'says “boot-failed”',
} as const;
SAYS satisfies Partial<Record<CamelCase<WorkerMessage['type']>, string>>;

type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Tail>}`
  : Name;

const WIDTH = 170;
const HEIGHT = 72;
const TOP = 64;
const LEFT = [16, 280, 544, 808] as const;
const LOWER = 218;

const place = (column: 0 | 1 | 2 | 3, lines: readonly string[], look: Box['look'], y = TOP): Box => ({
  x: LEFT[column],
  y,
  width: WIDTH,
  height: HEIGHT,
  lines,
  look,
});

/** Boot, service, drain and end of a worker, and what leads from one to the other. */
export function drawLifeOfWorker(): string {
  const right = (column: 0 | 1 | 2): { x: number; y: number } => ({
    x: LEFT[column] + WIDTH,
    y: TOP + HEIGHT / 2,
  });
  const left = (column: 1 | 2 | 3): { x: number; y: number } => ({
    x: LEFT[column] - 2,
    y: TOP + HEIGHT / 2,
  });
  const down = (
    column: 0 | 1 | 2 | 3,
    by = 0,
  ): readonly [{ x: number; y: number }, { x: number; y: number }] => [
    { x: LEFT[column] + WIDTH / 2 + by, y: TOP + HEIGHT },
    { x: LEFT[column] + WIDTH / 2 + by, y: LOWER - 2 },
  ];
  return drawing('Life of a worker', { width: 994, height: 356 }, [
    box(place(0, PHASES.booting, 'main')),
    box(place(1, PHASES.ready, 'main')),
    box(place(2, PHASES.draining, 'main')),
    box(place(3, ['gone', 'exit code and reason', 'in the log'], 'other')),
    arrow(right(0), left(1), SAYS.ready),
    arrow(right(1), left(2), 'TERM'),
    arrow(right(2), left(3), 'all answered'),
    box(place(0, ['does not boot', 'the old workers serve on,', 'tried again ever later'], 'bad', LOWER)),
    arrow(...down(0), SAYS.bootFailed),
    box(place(1, ['hangs', 'silent for timeout: autopsy', 'in the log, ABRT, then KILL'], 'bad', LOWER)),
    arrow(...down(1), 'no heartbeat'),
    box(place(2, ['out of time', 'after gracefulTimeout,', 'what is left is closed'], 'bad', LOWER)),
    arrow(...down(2), 'the deadline'),
    box(place(3, ['successor', 'was ready before the', 'worker was told to leave'], 'main', LOWER)),
    arrow(...down(3), 'its place'),
    note(
      { x: 16, y: 330 },
      `A worker that ${SAYS.recycle}. One whose arbiter dies finishes what it has, and leaves.`,
    ),
  ]);
}
