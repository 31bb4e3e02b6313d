import type { Scenario } from './scenario.ts';
import { aborted } from './scenarios/aborted.ts';
import { accessLog } from './scenarios/access-log.ts';
import { asgi } from './scenarios/asgi.ts';
import { asgiIdle } from './scenarios/asgi-idle.ts';
import { blocked } from './scenarios/blocked.ts';
import { boot } from './scenarios/boot.ts';
import { connection } from './scenarios/connection.ts';
import { counters } from './scenarios/counters.ts';
import { frameworks } from './scenarios/frameworks.ts';
import { halfOpen } from './scenarios/half-open.ts';
import { idle } from './scenarios/idle.ts';
import { keepAlive } from './scenarios/keep-alive.ts';
import { memory } from './scenarios/memory.ts';
import { parser } from './scenarios/parser.ts';
import { python } from './scenarios/python.ts';
import { pythonMemory } from './scenarios/python-memory.ts';
import { reload } from './scenarios/reload.ts';
import { slowHeads } from './scenarios/slow-heads.ts';
import { stuck } from './scenarios/stuck.ts';
import { workingApplication } from './scenarios/working.ts';

/** Every question, in the order in which they are asked. */
export const SCENARIOS: readonly Scenario[] = [
  connection,
  keepAlive,
  frameworks,
  accessLog,
  counters,
  blocked,
  slowHeads,
  halfOpen,
  reload,
  stuck,
  idle,
  aborted,
  workingApplication,
  boot,
  memory,
  python,
  pythonMemory,
  asgi,
  asgiIdle,
  parser,
];
