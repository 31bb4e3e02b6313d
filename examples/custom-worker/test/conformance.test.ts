import { join } from 'node:path';
import { workerConformance } from '@gunicorn-ts/conformance';
import test from 'ava';
import worker from '../my-worker.ts';

workerConformance(test, { select: join(import.meta.dirname, '../my-worker.ts'), serves: worker.serves });
