import test from 'ava';
import { withoutListener } from '../../src/stacks-file.ts';

const LISTENER = `Thread 0x00007f335afff6c0 (most recent call first):
  File "/srv/child/gunicorn_ts/lane.py", line 69 in _fill
  File "/srv/child/gunicorn_ts/lane.py", line 77 in receive_prefix
  File "/srv/child/gunicorn_ts/control.py", line 105 in listen
  File "/usr/lib/python3/threading.py", line 982 in run`;
const OTHER = `Thread 0x00007f335afff6c1 (most recent call first):
  File "/srv/shop/tasks.py", line 3 in poll`;
const CURRENT = `Current thread 0x00007f335d5d6b80 (most recent call first):
  File "/srv/shop/views.py", line 8 in fetch_rates`;

test('the thread of our own is left out, and those of the application stay', (t) => {
  t.is(withoutListener([LISTENER, OTHER, CURRENT].join('\n\n')), [OTHER, CURRENT].join('\n\n'));
});

test('it stays where it does something else, and where there is nothing but it', (t) => {
  const busy = LISTENER.replace('gunicorn_ts/lane.py", line 69 in _fill', 'shop/hooks.py", line 1 in stand');
  for (const stacks of [[busy, CURRENT].join('\n\n'), LISTENER, LISTENER.replace('Thread', 'Current thread')])
    t.is(withoutListener(stacks), stacks);
});
