import test from 'ava';
import { LoopSilence } from '../../src/asgi/loop-silence.ts';

test('a loop that answers is asked again, and one that does not is found after the limit', (t) => {
  const silence = new LoopSilence(1000);
  t.is(silence.look(0), 'ask');
  silence.answered();
  t.is(silence.look(250), 'ask');
  t.is(silence.look(500), 'wait');
  t.is(silence.look(1000), 'wait');
  t.deepEqual(silence.look(1250), { silentMs: 1000 });
});

test('a time in which nobody looked is not held against the loop', (t) => {
  const silence = new LoopSilence(1000);
  t.is(silence.look(0), 'ask');
  t.is(silence.look(60_000), 'wait');
  t.is(silence.look(60_500), 'wait');
  silence.answered();
  t.is(silence.look(60_750), 'ask');
});

test('how long a loop owes an answer is known before the limit', (t) => {
  const silence = new LoopSilence(60_000);
  silence.look(0);
  t.is(silence.silentMs(5000), 5000);
  silence.answered();
  t.is(silence.silentMs(6000), 0);
});
