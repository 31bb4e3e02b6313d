import test from 'ava';
import { findInterpreter } from '../../src/interpreter.ts';

test('the interpreter is the one that is named, else that of the virtual environment, else python3', (t) => {
  const place = { cwd: '/srv', env: {}, interpreter: undefined };
  t.deepEqual(findInterpreter(place), { command: 'python3', chosenBy: 'the default' });
  t.is(findInterpreter({ ...place, env: { VIRTUAL_ENV: '/nowhere' } }).command, 'python3');
  t.is(findInterpreter({ ...place, interpreter: 'pypy3' }).command, 'pypy3');
  t.is(findInterpreter({ ...place, interpreter: '.venv/bin/python' }).command, '/srv/.venv/bin/python');
});
