import test from 'ava';
import { codeBlocks } from '../../src/code-blocks.ts';

const PAGE = [
  '# x',
  '```sh',
  'npm i',
  '```',
  'text',
  '```ts',
  'let a;',
  '',
  'a = 1;',
  '```',
  '```',
  'out',
  '```',
].join('\n');

test('blocks of the languages that are asked for are found, with their lines', (t) => {
  t.deepEqual(codeBlocks(PAGE, ['ts', 'js']), [{ language: 'ts', text: 'let a;\n\na = 1;\n', line: 7 }]);
  t.deepEqual(
    codeBlocks(PAGE, ['sh', '']).map(({ text }) => text),
    ['npm i\n', 'out\n'],
  );
});
