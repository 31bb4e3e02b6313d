import { enableCompileCache } from 'node:module';
import { EXIT_CODE } from '@gunicorn-ts/interface';
import { SignalInbox } from './signal-inbox.ts';

/*
 * The program that a worker process runs. It imports nothing but the signal table before the handlers
 * stand; the rest is loaded while the boot message is on its way.
 */
const signals = new SignalInbox((signal) => {
  if (signal === 'SIGTERM' || signal === 'SIGINT' || signal === 'SIGQUIT') process.exit(EXIT_CODE.ok);
  if (signal === 'SIGABRT') process.exit(EXIT_CODE.failure);
});

const arbiterPid = process.ppid;
const bootMessage = new Promise<unknown>((resolve) => {
  process.once('message', resolve);
  process.once('disconnect', () => resolve(undefined));
});

if (process.send === undefined) {
  process.stderr.write('This program is started by gunicorn, and does nothing by itself.\n');
  process.exit(EXIT_CODE.usage);
}

// The arbiter's, which nobody else can write to. Node.js does without one that cannot be read.
const [, , compiledFolder] = process.argv;
if (compiledFolder !== undefined) enableCompileCache(compiledFolder);

const { runWorker } = await import('./worker-process.ts');
process.exit(await runWorker({ signals, arbiterPid, bootMessage: await bootMessage }));
