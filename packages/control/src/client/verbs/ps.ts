import type { ServerStatus, WorkerStatus } from '../../status.ts';
import { columns, describeSeconds, printJson, printLines } from '../output.ts';
import type { Verb } from '../verb.ts';

const HEAD = ['SLOT', 'PID', 'STATE', 'UP', 'GEN', 'LAST SIGN'];

/** `gunicorn ps`. */
export const ps: Verb = {
  exits: { 0: 'the workers were listed' },
  async run({ isJson }, { session, io }) {
    const { workers, generation } = await session.ask<ServerStatus>('status');
    if (isJson) printJson(io, workers);
    else
      printLines(
        io,
        columns(
          HEAD,
          workers.map((worker) => rowOf(worker, generation)),
        ),
      );
    return 0;
  },
};

function rowOf(worker: WorkerStatus, current: number): readonly string[] {
  const { slot, pid, condition, upSeconds, generation, silentSeconds } = worker;
  const age = generation === current ? String(generation) : `${generation} (old)`;
  return [
    String(slot),
    pid === 0 ? '-' : String(pid),
    condition,
    describeSeconds(upSeconds),
    age,
    `${silentSeconds.toFixed(1)} s ago`,
  ];
}
