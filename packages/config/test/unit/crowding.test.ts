import type { Settings } from '@gunicorn-ts/interface';
import test from 'ava';
import { findCrowding } from '../../src/crowding.ts';
import { renderProblem } from '../../src/problem-text.ts';
import { defaultSettings } from './default-settings.ts';

const MB = 2 ** 20;

const cases: [
  title: string,
  changed: Partial<Settings>,
  cores: number | undefined,
  mb: number | undefined,
  said: string[],
][] = [
  ['without limits nothing is too much', { workers: 500 }, undefined, undefined, []],
  ['workers that fit are no reason for a word', { workers: 5, maxWorkerMemory: 100 * MB }, 2, 564, []],
  [
    'workers by the cores of the machine in a group of two',
    { workers: 65 },
    2,
    undefined,
    [
      `workers is 65, and the control group has the time of 2 cores (/cpu.max); write 'auto', or 5 at the most`,
    ],
  ],
  ['half a core is enough for three workers', { workers: 3 }, 0.5, undefined, []],
  [
    'what workers take at the least is more than there is',
    { workers: 8 },
    undefined,
    256,
    [
      'workers is 8, which take 576 MB at the least with the arbiter, and the control group has 256 MB (/memory.max): the kernel would kill some; write 3, or give the group 576 MB',
    ],
  ],
  [
    'what workers may take is more than there is',
    { workers: 4, maxWorkerMemory: 512 * MB },
    undefined,
    1024,
    [
      `maxWorkerMemory is 512 MB, with 4 of them and the arbiter 2112 MB, and the control group has 1024 MB (/memory.max): the kernel would kill a worker before it is replaced; write '240mb', or write workers: 1, or give the group 2112 MB`,
    ],
  ],
  [
    'nothing is proposed that would not help',
    { workers: 1, maxWorkerMemory: 512 * MB },
    undefined,
    100,
    [
      'maxWorkerMemory is 512 MB, with 1 of them and the arbiter 576 MB, and the control group has 100 MB (/memory.max): the kernel would kill a worker before it is replaced; give the group 576 MB',
    ],
  ],
];

for (const [title, changed, cores, mb, said] of cases) {
  test(title, (t) => {
    const found = findCrowding(
      { ...defaultSettings(), ...changed },
      {
        cores: cores === undefined ? undefined : { value: cores, file: '/cpu.max' },
        memory: mb === undefined ? undefined : { value: mb * MB, file: '/memory.max' },
      },
    );
    t.deepEqual(found.map(renderProblem), said);
  });
}
