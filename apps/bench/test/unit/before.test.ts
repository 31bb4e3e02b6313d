import test from 'ava';
import { NotInstalled } from '../../src/peer.ts';
import { eventBefore } from '../../src/peers/before.ts';

const VARIABLE = 'BENCH_BEFORE';

test.serial('without another checkout there is nothing to compare with', async (t) => {
  delete process.env[VARIABLE];
  await t.throwsAsync(eventBefore.prepare(), { instanceOf: NotInstalled, message: /BENCH_BEFORE names no/ });
});

test.serial('a checkout that is not built is refused with what to do', async (t) => {
  process.env[VARIABLE] = '/nowhere';
  t.teardown(() => delete process.env[VARIABLE]);
  await t.throwsAsync(eventBefore.prepare(), {
    instanceOf: NotInstalled,
    message: /run `pnpm build` in \/nowhere/,
  });
});
