import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import test from 'ava';
import { childrenOf, isRunning, MARK, markedProcesses, processesGone } from '../../src/process-table.ts';

test('a process is found by its mark and by its parent, until it is gone', async (t) => {
  const mark = randomUUID();
  const child = spawn('sleep', ['60'], { env: { ...process.env, [MARK]: mark } });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  t.true(childrenOf(process.pid).includes(pid));
  t.deepEqual(markedProcesses(mark), [pid]);
  t.true(isRunning(pid));
  await t.throwsAsync(processesGone([pid], 50), { message: new RegExp(String(pid)) });
  child.kill('SIGKILL');
  await processesGone([pid], 5000);
  t.false(isRunning(pid));
  t.deepEqual(markedProcesses(mark), []);
});
