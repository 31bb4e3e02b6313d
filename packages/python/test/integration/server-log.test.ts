import { existsSync, readFileSync } from 'node:fs';
import { eventually, request, type Server, startServer } from '@gunicorn-ts/test-kit';
import type { ExecutionContext } from 'ava';
import { pythonTest } from './serve.ts';

const APP = `def application(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        raise ValueError("100% broken")
    start_response("200 OK", [])
    return [b"ok"]
`;

const LOGGERS = {
  version: 1,
  disable_existing_loggers: false,
  formatters: { plain: { format: '%(process)d %(levelname)s %(message)s' } },
  handlers: { file: { class: 'logging.FileHandler', filename: 'server.txt', formatter: 'plain' } },
  root: { level: 'INFO', handlers: [] },
  loggers: { 'gunicorn.error': { level: 'INFO', handlers: ['file'], propagate: false } },
};

const INI = `[loggers]
keys=root, gunicorn.error
[handlers]
keys=file
[formatters]
keys=plain
[logger_root]
level=INFO
handlers=
[logger_gunicorn.error]
level=INFO
handlers=file
propagate=0
qualname=gunicorn.error
[handler_file]
class=FileHandler
formatter=plain
args=('server.txt', 'a')
[formatter_plain]
format=%(process)d %(levelname)s %(message)s
`;

const HANDLER_IN_FILE = `import logging
handler = logging.FileHandler("server.txt")
handler.setFormatter(logging.Formatter("%(process)d %(levelname)s %(message)s"))
logging.getLogger("gunicorn.error").addHandler(handler)
`;

const FILTER_IN_FILE = `import logging
logging.getLogger("gunicorn.error").addFilter(lambda record: "Booting" not in record.getMessage())
`;

function serve(
  t: ExecutionContext,
  given: { readonly args?: readonly string[]; readonly conf?: string },
): Promise<Server> {
  const files = {
    'web.py': APP,
    'log.json': JSON.stringify(LOGGERS),
    'log.ini': INI,
    'gunicorn.conf.py': given.conf ?? '',
  };
  // Its own log says nothing of where it listens.
  return startServer(t, { files, until: 'spawned', args: ['--workers', '2', ...(given.args ?? []), 'web'] });
}

/** Waits for an entry in the file. */
async function entry(server: Server, pattern: RegExp): Promise<RegExpExecArray> {
  let found: RegExpExecArray | null = null;
  await eventually(() => (found = pattern.exec(lines(server).join('\n'))) !== null, String(pattern));
  return found!;
}

async function url(server: Server): Promise<string> {
  const [, found = ''] = await entry(server, /Listening at: (\S+)/);
  // The second worker has booted, too.
  await entry(server, /Booting worker[^]*Booting worker/);
  return found;
}

function lines(server: Server): readonly string[] {
  const path = server.folder.file('server.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

async function stop(server: Server): Promise<void> {
  await server.stop();
  await server.ended();
}

const WAYS = [
  { name: '--log-config', args: ['--log-config', 'log.ini'] },
  { name: '--log-config-json', args: ['--log-config-json', 'log.json'] },
  { name: 'logconfig_dict', conf: `import json\nlogconfig_dict = json.load(open("log.json"))\n` },
];

for (const { name, ...given } of WAYS) {
  pythonTest(
    `${name} for gunicorn.error gets every entry of arbiter and workers, in their order, and no other log does`,
    async (t) => {
      const server = await serve(t, given);
      await request(`${await url(server)}/broken`);
      await stop(server);
      const all = lines(server);
      const text = all.join('\n');
      t.regex(all[0]!, new RegExp(`^${server.pid} INFO Starting gunicorn`));
      t.regex(text, new RegExp(`^${server.pid} INFO Listening at: `, 'm'));
      const booted = [...text.matchAll(/^(\d+) INFO Booting worker with pid: (\d+)$/gm)];
      t.is(booted.length, 2, text);
      for (const [, of, pid] of booted) {
        t.is(of, pid, 'the entry is of the worker');
        t.regex(text, new RegExp(`^${pid} INFO Worker exiting \\(pid: ${pid}\\)$`, 'm'));
      }
      t.regex(
        text,
        /^\d+ ERROR Error handling request GET \/broken\n {2}Traceback [^]*\n {2}ValueError: 100% broken$/m,
      );
      t.regex(all.at(-1)!, new RegExp(`^${server.pid} INFO Shutting down: Master$`));
      t.notRegex(server.log(), /Starting gunicorn|Booting|Error handling|exiting|Shutting/);
    },
  );
}

pythonTest('A handler that the file adds gets the entries beside the error log', async (t) => {
  const server = await serve(t, { conf: HANDLER_IN_FILE });
  await url(server);
  await stop(server);
  for (const entry of [/Starting gunicorn/, /Booting worker with pid: (\d+)/, /Shutting down: Master/]) {
    t.regex(lines(server).join('\n'), entry);
    t.regex(server.log(), entry);
  }
  const [, pid] = /\[(\d+)\] \[INFO\] Booting worker with pid: \1$/m.exec(server.log()) ?? [];
  t.truthy(pid, 'in the own log the entry is of the worker, too');
});

pythonTest('A filter that the file puts on gunicorn.error filters the entries of the server', async (t) => {
  const server = await serve(t, { conf: FILTER_IN_FILE, args: ['--workers', '1'] });
  await server.started('answering');
  await stop(server);
  t.regex(server.log(), /Starting gunicorn/);
  t.regex(server.log(), /Shutting down: Master/);
  t.notRegex(server.log(), /Booting/);
});

pythonTest(
  'What a master that dies has not written is in the own log, and the next one goes on',
  async (t) => {
    const server = await serve(t, WAYS[2]!);
    await url(server);
    const [, master] = await entry(server, /master pid: (\d+)/);
    process.kill(Number(master), 'SIGKILL');
    // In the own log, or in the file already, when the arbiter finds the next one sooner than it says so.
    const anew = /Python master started anew \(pid: (\d+)\)/;
    let next: string | undefined;
    await eventually(() => (next = anew.exec(server.log() + lines(server).join('\n'))?.[1]) !== undefined);
    t.not(next, master);
    t.regex(server.log(), /The Python master \(pid: \d+\) was killed by SIGKILL/);
    await eventually(() => {
      server.signal('SIGUSR1');
      return lines(server).some((line) => line.endsWith('Handling signal: usr1'));
    }, 'entries in the file again');
    await stop(server);
    t.regex(lines(server).at(-1)!, /Shutting down: Master$/);
  },
);

pythonTest('A master that is stopped holds up neither the arbiter nor its entries for ever', async (t) => {
  const server = await serve(t, { ...WAYS[2]!, args: ['--timeout', '2'] });
  const place = await url(server);
  const [, master] = await entry(server, /master pid: (\d+)/);
  process.kill(Number(master), 'SIGSTOP');
  server.signal('SIGUSR1');
  await server.waitFor(/Handling signal: usr1/);
  t.is((await request(`${place}/`)).status, 200);
  await server.waitFor(/Python master started anew/);
});
