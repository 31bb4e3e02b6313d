import { workerConformance } from '@gunicorn-ts/test-kit';
import test from 'ava';
import worker from '../../src/index.ts';

const { kinds } = worker.serves;

/** The first kind is the one that most of the suite uses. */
workerConformance(test, {
  select: 'sync',
  serves: { ...worker.serves, kinds: ['node', ...kinds.filter((kind) => kind !== 'node')] },
});
