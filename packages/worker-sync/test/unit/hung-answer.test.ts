import type { RequestHead } from '@gunicorn-ts/http';
import test from 'ava';
import { HungAnswer } from '../../src/hung-answer.ts';

const HEAD = {
  method: 'GET',
  target: '/',
  protocol: 'HTTP/1.1',
  fields: { count: 0 },
} as unknown as RequestHead;

test('without a watchdog the thread always answers itself', (t) => {
  const hung = new HungAnswer(undefined);
  hung.offer(7, HEAD, '203.0.113.7');
  t.true(hung.takeBack());
});

test('the thread that takes the descriptor out answers', (t) => {
  const cell = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const hung = new HungAnswer(cell);
  hung.offer(7, HEAD, '203.0.113.7');
  t.is(cell[0], 7);
  t.true(hung.takeBack());
  t.is(cell[0], -1);
  t.true(hung.takeBack(), 'nothing was offered since');
});

test('what the watchdog has answered is not answered again', (t) => {
  const cell = new Int32Array(new SharedArrayBuffer(4)).fill(-1);
  const hung = new HungAnswer(cell);
  hung.offer(7, HEAD, '203.0.113.7');
  Atomics.exchange(cell, 0, -1);
  t.false(hung.takeBack());
});
