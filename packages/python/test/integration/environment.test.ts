import { request, startServer } from '@gunicorn-ts/test-kit';
import { pythonTest } from './serve.ts';

const APP = `import os


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{os.environ.get('T_FILE')} {os.environ.get('T_CONF')}".encode()]
`;

for (const args of [[], ['--preload']]) {
  pythonTest(`envFile and what gunicorn.conf.py sets reach Python ${args.join(' ')}`, async (t) => {
    const server = await startServer(t, {
      files: {
        'shop.py': APP,
        '.env': 'T_FILE=file\n',
        'gunicorn.conf.py': 'import os\nos.environ["T_CONF"] = "conf, " + os.environ["T_FILE"]\n',
      },
      args: [...args, '--env-file', '.env', 'shop'],
    });
    t.is((await request(server.url)).text, 'file conf, file');
  });
}
