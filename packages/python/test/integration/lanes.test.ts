import { eventually, isRunning, request, type Server } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { pythonTest, servePython } from './serve.ts';

const MODES = [
  ['sync', ['-k', 'sync']],
  ['gthread', ['-k', 'gthread', '--threads', '2']],
  ['gthread, preloaded', ['-k', 'gthread', '--threads', '2', '--preload']],
] as const;

/** Clients that ask one after the other, at the same time; each must get its own answers, or a refusal. */
async function askMuch(t: ExecutionContext, server: Server): Promise<number> {
  let refused = 0;
  const client = async (name: number): Promise<void> => {
    for (let index = 0; index < 60; index++) {
      const { status, text } = await request(`${server.url}/answer?${name}-${index}`);
      if (status === 502) refused++;
      else t.is(text, `${name}-${index}`);
    }
  };
  await Promise.all([client(0), client(1), client(2)]);
  return refused;
}

for (const [name, args] of MODES) {
  for (const path of ['fork_and_exit', 'fork_and_return']) {
    pythonTest(`${name}: nobody gets the answer of a forked child (${path})`, async (t) => {
      const server = await servePython(t, args);
      const pid = (await request(`${server.url}/pid`)).text;
      const asking = askMuch(t, server);
      t.is((await request(`${server.url}/${path}`)).text, 'forked');
      t.is(await asking, 0);
      t.is((await request(`${server.url}/pid`)).text, pid);
    });
  }

  for (const path of ['fork_behind_python', 'write_garbage']) {
    pythonTest(`${name}: what is no frame of the request ends the process, unseen (${path})`, async (t) => {
      const server = await servePython(t, args);
      const pid = Number((await request(`${server.url}/pid`)).text);
      await request(`${server.url}/${path}`);
      await askMuch(t, server);
      // Whichever lane is read first: also the one on which the process tells of itself.
      await server.waitFor(/The Python process .*sent a frame .*: it is (?:killed before a client|ended)/);
      await eventually(() => !isRunning(pid));
      t.is((await request(server.url)).text, 'hello');
    });
  }

  pythonTest(`${name}: an application that closes the server's files costs its worker alone`, async (t) => {
    const server = await servePython(t, args);
    const pid = Number((await request(`${server.url}/pid`)).text);
    t.is((await request(`${server.url}/close_files`)).status, 502);
    await eventually(() => !isRunning(pid));
    t.is((await request(server.url)).text, 'hello');
  });

  pythonTest(`${name}: sys.exit() in a view costs its request alone`, async (t) => {
    const server = await servePython(t, args);
    const pid = (await request(`${server.url}/pid`)).text;
    for (let round = 0; round < 3; round++) {
      t.is((await request(`${server.url}/exit_in_view`)).status, 500);
      t.is((await request(`${server.url}/answer?${round}`)).text, String(round));
    }
    t.is((await request(`${server.url}/pid`)).text, pid);
  });
}
