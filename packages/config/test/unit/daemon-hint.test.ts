import test from 'ava';
import { seemsToSetDaemon } from '../../src/daemon-hint.ts';

for (const [text, seems] of [
  ['daemon = True\n', true],
  ['bind = ":8000"\ndaemon=True  # in the background\n', true],
  ["export default defineConfig({ app: './app.ts', daemon: true });\n", true],
  ['daemon = False\n', false],
  ['# daemon = True\n', false],
  ['  // daemon: true,\n', false],
  ['/* daemon: true, */\n', false],
  ["  bind: ':8000', // daemon: true\n", false],
  ['daemon = True\nenable_stdio_inheritance = True\n', false],
  ['daemonize = True\n', false],
  ['daemon = is_background()\n', false],
  ['', false],
] as const) {
  test(`a file with ${JSON.stringify(text)} ${seems ? 'seems' : 'does not seem'} to set daemon`, (t) => {
    t.is(seemsToSetDaemon(text), seems);
  });
}
