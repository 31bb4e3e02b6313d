import { request, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';

const APP = `export default (q, r) => r.end(JSON.stringify(Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name.startsWith('T_')))));`;

test.serial(
  'files of envFile reach the configuration file and the workers, and are read again at a reload',
  async (t) => {
    const config = `export default { envFile: 'more.env', procName: process.env.T_FILE, rawEnv: ['T_RAW=raw'] };
    process.env.T_CONFIG = 'of ' + process.env.T_FILE; delete process.env.T_GONE;`;
    const server = await startServer(t, {
      app: APP,
      config: 'export default {};',
      files: {
        'first.env':
          '# one\nT_FILE="a # b"\nexport T_GIVEN=file\nT_GONE=1\nT_RAW=file\nGUNICORN_CMD_ARGS=--nonsense\n',
        'gunicorn.conf.ts': config,
        'more.env': 'T_MORE=not read: the flag wins\n',
      },
      args: ['--env-file', 'first.env', '--log-level', 'debug'],
      env: { T_GIVEN: 'environment' },
    });
    const answer = async (): Promise<unknown> => JSON.parse((await request(server.url)).text);
    t.deepEqual(await answer(), {
      T_FILE: 'a # b',
      T_GIVEN: 'environment',
      T_CONFIG: 'of a # b',
      T_RAW: 'raw',
    });
    server.folder.write('first.env', 'T_FILE=new\n');
    server.folder.write('gunicorn.conf.ts', 'export default { procName: process.env.T_CONFIG };');
    server.signal('SIGHUP');
    await server.waitFor('has left');
    t.deepEqual(await answer(), { T_FILE: 'new', T_GIVEN: 'environment' });

    server.folder.write('first.env', 'T_FILE=a secret\0\n');
    server.signal('SIGHUP');
    await server.waitFor(/Reload failed.*first\.env cannot be used: "T_FILE" holds a NUL byte/);
    t.notRegex(server.log(), /a secret/);
  },
);

test.serial(
  'an envFile that the configuration file names gives defaults, and one that is missing fails the start',
  async (t) => {
    const options = { app: APP, config: "export default { envFile: ['.env', 'two.env'] };" };
    const server = await startServer(t, {
      ...options,
      files: { '.env': 'WEB_CONCURRENCY=3\nT_ONE=1\nT_TWO=1\n', 'two.env': 'T_TWO=2\n' },
    });
    t.deepEqual(JSON.parse((await request(server.url)).text), { T_ONE: '1', T_TWO: '2' });
    await server.waitFor('Booting worker', { times: 3, from: 0 });
    const failing = await startServer(t, { ...options, until: 'spawned' });
    t.is((await failing.ended()).code, 1);
    t.regex(failing.log(), /envFile: .*\.env cannot be used: ENOENT/);
  },
);

test.serial('--print-config shows the names of env files and none of their values', async (t) => {
  const server = await startServer(t, {
    app: APP,
    files: { '.env': 'T_SECRET=hush\n' },
    args: ['--env-file', '.env', '--print-config'],
    until: 'spawned',
  });
  t.is((await server.ended()).code, 0);
  t.regex(server.log(), /envFile +=.*\.env/);
  t.notRegex(server.log(), /hush/);
});
