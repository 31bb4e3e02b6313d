import test from 'ava';
import { readEcosystem } from '../../src/find/ecosystem.ts';

test('what is commented out of the file of PM2 is not carried over, and what is no comment is', (t) => {
  const read = readEcosystem(`module.exports = {
  apps: [
    // { name: 'old', script: './old.js', instances: 9 },
    /* { name: 'older', script: './older.js', kill_timeout: 9000 }, */
    {
      name: 'shop', // script: './not-this.js'
      watch: ['src/**/*.js'],
      env: { API: 'https://example.com/' },
      script: './server.js',
      // instances: 7,
      kill_timeout: 5000,
    },
  ],
};`);
  t.is(read?.script, './server.js');
  t.deepEqual(
    read?.settings.map(({ from }) => from),
    ['kill_timeout: 5000'],
  );
});

for (const [cwd, isRead] of [
  ["'.'", true],
  ["'./'", true],
  ['__dirname', true],
  ["'/srv/shop'", false],
  ["'packages/api'", false],
] as const) {
  test(`an application that PM2 starts in ${cwd} is ${isRead ? 'read' : 'not guessed at'}`, (t) => {
    const read = readEcosystem(`export default { apps: [{ script: 'a.js', cwd: ${cwd} }] };`);
    t.is(read !== undefined, isRead);
  });
}
