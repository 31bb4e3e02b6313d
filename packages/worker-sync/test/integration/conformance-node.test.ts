import { workerConformance } from '@gunicorn-ts/test-kit';
import test from 'ava';
import worker from '../../src/index.ts';

workerConformance(test, { select: 'sync', serves: worker.serves, kind: 'node' });
