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
    ['name: shop', 'kill_timeout: 5000'],
  );
});

test('what PM2 was told and no setting says is named, so that nobody misses it later', (t) => {
  const read = readEcosystem(`module.exports = { apps: [{
    name: 'shop', script: 'server.js', wait_ready: true, out_file: 'logs/out.log',
    env: { NODE_ENV: 'development', API: 'https://example.com:8443/args: 1' },
    env_production: { "NODE_ENV": "production", PORT: 3000 },
  }, { name: 'jobs', script: 'jobs.js' }] };`);
  t.deepEqual(read?.left, [
    'its env is for you to carry over, to the service or as rawEnv: NODE_ENV, API, PORT',
    'these have other names here: wait_ready, out_file',
    'it starts 1 more, each of which is a server with settings of its own',
  ]);
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
