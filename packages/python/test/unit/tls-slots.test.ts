import type { AsgiTls } from '@gunicorn-ts/interface';
import test from 'ava';
import { TlsSlots } from '../../src/asgi/tls-slots.ts';

function shownBy(client: string | null): AsgiTls {
  return {
    server_cert: 'server',
    client_cert_chain: client === null ? [] : [client],
    client_cert_name: client,
    client_cert_error: null,
    tls_version: 0x0304,
    cipher_suite: 0x1301,
  };
}

test('the process is told once of what many connections have in common', (t) => {
  const slots = new TlsSlots();
  const first = slots.place(shownBy(null));
  t.deepEqual(JSON.parse(first.news!), { slot: first.slot, tls: shownBy(null) });
  t.deepEqual(slots.place(shownBy(null)), { slot: first.slot });
  const alice = slots.place(shownBy('alice'));
  t.not(alice.slot, first.slot);
  t.is((JSON.parse(alice.news!) as { slot: number }).slot, alice.slot);
});

test('when all slots are taken the oldest is put to new use, and told anew when it comes back', (t) => {
  const slots = new TlsSlots(2);
  const one = slots.place(shownBy('one')).slot;
  const two = slots.place(shownBy('two')).slot;
  t.is(slots.place(shownBy('three')).slot, one);
  t.is(slots.place(shownBy('two')).news, undefined);
  const again = slots.place(shownBy('one'));
  t.is(again.slot, two);
  t.truthy(again.news);
});
