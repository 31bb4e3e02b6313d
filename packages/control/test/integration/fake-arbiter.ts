import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ArbiterView,
  ControlRequest,
  LifecycleMoment,
  LifecycleSubscriber,
  Settings,
  WorkerView,
} from '@gunicorn-ts/interface';
import type { ExecutionContext } from 'ava';
import { openControl } from '../../src/server/control-server.ts';

/** An arbiter that does nothing by itself, with a real control socket. */
export class FakeArbiter {
  readonly path: string;
  readonly asked: (readonly [ControlRequest, string])[] = [];
  readonly #tell: LifecycleSubscriber;
  refusal: string | undefined;
  workers: WorkerView[] = [];
  target = 2;

  constructor(t: ExecutionContext, mode = 0o600) {
    const folder = mkdtempSync(join(tmpdir(), 'control-'));
    this.path = join(folder, 'control.sock');
    this.#tell = openControl({ path: this.path, mode, name: 'site', isSecond: false, env: {} });
    const silent = (): void => {};
    const view = {
      pid: process.pid,
      version: '1.2.3',
      workerClass: 'sync',
      generation: 4,
      listeners: [],
      log: {
        debug: silent,
        info: silent,
        warning: silent,
        error: silent,
        critical: silent,
        isEnabled: () => false,
      },
      settings: { app: 'site:app', chdir: '/srv/site', rawEnv: ['KEY=secret'] } as unknown as Settings,
      workers: () => this.workers,
    };
    const arbiter = Object.defineProperty(view, 'target', {
      get: () => this.target,
    }) as unknown as ArbiterView;
    const control = {
      ask: (request: ControlRequest, by: string): string | undefined => {
        this.asked.push([request, by]);
        return this.refusal;
      },
      followLogs: () => () => undefined,
      recallLogs: () => Promise.resolve([]),
      stacks: () => Promise.reject(new Error('nobody there')),
    };
    this.tell({ moment: 'starting', arbiter, control });
    t.teardown(() => {
      this.tell({ moment: 'stopped', exitCode: 0 });
      rmSync(folder, { recursive: true });
    });
  }

  tell(moment: LifecycleMoment): void {
    this.#tell(moment);
  }

  counts(ready: number, booting = 0, draining = 0): void {
    this.tell({ moment: 'counts', counts: { target: this.target, ready, booting, draining } });
  }
}
