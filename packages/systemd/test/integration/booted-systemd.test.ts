import { randomUUID } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootedSystemdMisses, bootSystemd } from '@gunicorn-ts/test-kit';
import ava from 'ava';

const misses = bootedSystemdMisses();
const test = misses === undefined ? ava.serial : ava.serial.skip;
if (misses !== undefined) ava(`systemd is not booted: ${misses}`, (t) => t.pass());

test('the systemd of the tests sees nothing of the machine that it could change', async (t) => {
  const witness = join(tmpdir(), `witness-${randomUUID()}`);
  writeFileSync(witness, 'untouched');
  t.teardown(() => rmSync(witness));
  const systemd = await bootSystemd(t, [import.meta.dirname]);
  for (const folder of ['/tmp', '/var/tmp', '/run', '/dev', '/dev/shm', '/var/log', '/var/lib', '/srv']) {
    const file = `${folder}/made-inside-${randomUUID()}`;
    t.is((await systemd.run('touch', file)).code, 0, folder);
    t.false(existsSync(file), folder);
  }
  for (const file of [
    '/etc/probe',
    '/usr/probe',
    '/root/probe',
    '/sys/probe',
    `${import.meta.dirname}/probe`,
  ])
    t.not((await systemd.run('touch', file)).code, 0, file);
  t.not((await systemd.run('sh', '-c', 'echo 1 > /proc/sys/vm/overcommit_memory')).code, 0);
  t.not((await systemd.run('cat', witness)).code, 0);
  const { text } = await systemd.systemctl('list-unit-files', '--no-legend');
  t.notRegex(text, /tmpfiles|sysctl|udev|modprobe/);
  t.true(existsSync(witness));
});
