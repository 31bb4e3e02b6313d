import test from 'ava';
import { frameHeader } from '../../src/kinds/asgi/websocket/frame-header.ts';

const whole = { isText: true, isLast: true, isContinued: false };

const cases = [
  { length: 0, form: whole, bytes: [0x81, 0] },
  { length: 125, form: { ...whole, isText: false }, bytes: [0x82, 125] },
  { length: 126, form: whole, bytes: [0x81, 126, 0, 126] },
  { length: 65_535, form: whole, bytes: [0x81, 126, 0xff, 0xff] },
  { length: 65_536, form: whole, bytes: [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0] },
  { length: 1, form: { ...whole, isLast: false }, bytes: [0x01, 1] },
  { length: 1, form: { ...whole, isLast: false, isContinued: true }, bytes: [0x00, 1] },
  { length: 1, form: { ...whole, isText: false, isContinued: true }, bytes: [0x80, 1] },
];

for (const { length, form, bytes } of cases) {
  test(`${length} bytes, ${JSON.stringify(form)}: the header is ${Buffer.from(bytes).toString('hex')}`, (t) => {
    t.deepEqual([...frameHeader(length, form)], bytes);
  });
}
