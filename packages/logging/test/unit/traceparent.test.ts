import test from 'ava';
import { readTraceparent } from '../../src/traceparent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

for (const header of [`00-${TRACE}-${SPAN}-01`, `cc-${TRACE}-${SPAN}-00-what-comes-later`]) {
  test(`${header} names a trace`, (t) => {
    t.deepEqual(readTraceparent(header), { traceId: TRACE, parentId: SPAN });
  });
}

for (const header of [
  '',
  `ff-${TRACE}-${SPAN}-01`,
  `00-${TRACE}-${SPAN}-01-more`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-1`,
]) {
  test(`"${header}" names none`, (t) => {
    t.is(readTraceparent(header), undefined);
  });
}
