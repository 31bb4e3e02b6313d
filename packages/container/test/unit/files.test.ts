import { readFileSync } from 'node:fs';
import test from 'ava';
import type { Deployment, ProjectFiles } from '@gunicorn-ts/interface';
import { exporters, lintDockerfile } from '../../src/index.ts';
import { deploymentOf, NODE_PROJECT, pythonDeployment } from './deployment-of.ts';

function made(
  kind: string,
  deployment: Deployment,
  options: readonly (readonly [string, string])[] = [],
): string {
  const exporter = exporters.find((one) => one.kind === kind)!;
  const { files } = exporter.make(deployment, new Map(options.map(([flag, value]) => [flag, [value]])));
  return files[0]!.text;
}

const withProject = (names: string[], manifest: object = {}): ProjectFiles => ({
  names: ['package.json', ...names],
  texts: { 'package.json': JSON.stringify({ dependencies: { 'gunicorn-ts': '^0.1.0' }, ...manifest }) },
});

/** Each holds what its reason in the file says; a change of the text is to be read there first. */
const GOLDEN: readonly (readonly [file: string, kind: string, deployment: Deployment])[] = [
  ['dockerfile-pnpm.golden', 'docker', deploymentOf({ workers: 2, workerClass: 'event' })],
  ['dockerfile-uv.golden', 'docker', pythonDeployment({ workers: 2 })],
  ['compose.golden', 'compose', deploymentOf({ rawEnv: ['LANG=C.UTF-8'] }, { secrets: ['DB_PASSWORD'] })],
  ['fly.golden', 'fly', pythonDeployment({ workers: 4 })],
];
for (const [file, kind, deployment] of GOLDEN) {
  test(`${file} is what is made`, (t) => {
    t.is(made(kind, deployment), readFileSync(new URL(`golden/${file}`, import.meta.url), 'utf8'));
  });
}

for (const [why, project, lines] of [
  [
    'pnpm of the version that the project names',
    NODE_PROJECT,
    ['RUN npm install --global pnpm@10.4.1', 'RUN pnpm install --frozen-lockfile --prod'],
  ],
  [
    'npm, by its lock file',
    withProject(['package-lock.json']),
    ['COPY package.json package-lock.json ./', 'RUN npm ci --omit=dev'],
  ],
  ['npm, where there is no lock file', withProject([]), ['RUN npm install --omit=dev']],
  [
    'yarn 1',
    withProject(['yarn.lock']),
    ['RUN npm install --global --force yarn@1', 'RUN yarn install --frozen-lockfile --production'],
  ],
  [
    'the yarn that the project names, whatever lies beside it',
    withProject(['yarn.lock'], { packageManager: 'yarn@4.9.1+sha512.0a' }),
    [
      'RUN npm install --global --force @yarnpkg/cli-dist@4.9.1',
      'RUN yarn workspaces focus --all --production',
    ],
  ],
  [
    'a later yarn, into node_modules',
    withProject(['yarn.lock', '.yarnrc.yml', '.yarn']),
    [
      'ENV YARN_NODE_LINKER=node-modules',
      'RUN npm install --global --force @yarnpkg/cli-dist@4',
      'COPY .yarn ./.yarn',
      'RUN yarn workspaces focus --all --production',
    ],
  ],
  [
    'a build, and what only it needed is removed',
    withProject(['package-lock.json'], { scripts: { build: 'tsc' } }),
    ['RUN npm ci', 'RUN npm run build && npm prune --omit=dev'],
  ],
] as const) {
  test(`dependencies are installed by ${why}`, (t) => {
    const text = made('docker', deploymentOf({}, { project }));
    for (const line of lines) t.true(text.split('\n').includes(line), `${line} in\n${text}`);
    t.deepEqual(lintDockerfile(text), []);
  });
}

const PIP = 'RUN python -m venv /app/.venv && /app/.venv/bin/pip install --no-cache-dir';
const OTHER_FILES = 'flask\n-r requirements/base.txt\ngunicorn-ts\n';
for (const [why, texts, lines] of [
  [
    'uv, with the interpreter of the image',
    { 'pyproject.toml': 'dependencies = ["gunicorn-ts"]', 'uv.lock': '' },
    ['COPY . .\nRUN uv sync --frozen --no-dev\n\nFROM'],
  ],
  [
    'uv, and the server beside what it keeps to',
    { 'pyproject.toml': '', 'uv.lock': '' },
    ["RUN uv sync --frozen --no-dev\nRUN uv pip install 'gunicorn-ts>=0.1.0'\n"],
  ],
  [
    'pip, by requirements.txt',
    { 'requirements.txt': 'gunicorn-ts==0.1.0' },
    [`COPY requirements.txt ./\n${PIP} --requirement requirements.txt\nCOPY . .\n`],
  ],
  [
    'pip, and the server where only npm is told of it',
    { 'requirements.txt': 'flask', 'package.json': '{"dependencies":{"gunicorn-ts":"0.1.0"}}' },
    [`${PIP} --requirement requirements.txt 'gunicorn-ts>=0.1.0'\n`],
  ],
  [
    'pip, by requirements.txt that leads to other files',
    { 'requirements.txt': OTHER_FILES },
    [`COPY . .\n${PIP} --requirement requirements.txt\n\nFROM`],
  ],
  [
    'pip, by a file that is yet to be written',
    { 'app.py': '' },
    [`COPY requirements.txt ./\n${PIP} --requirement requirements.txt 'gunicorn-ts>=0.1.0'\n`],
  ],
  ['pip, by pyproject.toml', { 'pyproject.toml': 'gunicorn-ts' }, [`COPY . .\n${PIP} .\n\nFROM`]],
] as const) {
  test(`an environment is made by ${why}`, (t) => {
    const project = { names: Object.keys(texts), texts };
    const text = made('docker', pythonDeployment({}, { project }));
    for (const line of lines) t.true(text.includes(line), `${line} in\n${text}`);
    t.true(text.includes('ENTRYPOINT ["/app/.venv/bin/gunicorn"]'));
    t.deepEqual(lintDockerfile(text), []);
  });
}

const GOOD = made('docker', deploymentOf());
for (const [why, from, to, what] of [
  ['a base without a version', 'node:24-bookworm-slim', 'node', /has no version/],
  ['a base that moves', 'node:24-bookworm-slim', 'node:latest', /has no version/],
  ['root', 'USER 65532:65532', 'USER 0', /USER is root/],
  ['an account by its name', 'USER 65532:65532', 'USER node', /needs a number/],
  ['no account', 'USER 65532:65532\n', '', /has no USER/],
  ['a shell in front of the server', /ENTRYPOINT .*/, 'ENTRYPOINT node gunicorn.js', /for a shell/],
  [
    'npm in front of the server',
    /ENTRYPOINT .*/,
    'ENTRYPOINT ["npm","start"]',
    /starts npm, which keeps signals/,
  ],
  ['a quick stop', 'STOPSIGNAL SIGTERM', 'STOPSIGNAL SIGINT', /lets requests finish/],
  ['a stage that is not there', '--from=build', '--from=builder', /there is no such stage/],
  ['a secret', 'NODE_ENV=production', 'API_TOKEN=x', /holds a secret/],
  ['ADD', 'COPY . .', 'ADD . .', /write COPY/],
] as const) {
  test(`the lint of Dockerfiles finds ${why}`, (t) => {
    const findings = lintDockerfile(GOOD.replace(from, to));
    t.true(findings.length > 0);
    for (const finding of findings) t.regex(finding.what, what);
  });
}

test('a Procfile takes the port of the platform, and is done before that kills it', (t) => {
  t.is(
    made('procfile', pythonDeployment({}, { given: [] })),
    'web: gunicorn --bind=0.0.0.0:$PORT --graceful-timeout=25 mysite.wsgi\n',
  );
  t.is(
    made('procfile', deploymentOf({ workers: 3, gracefulTimeout: 10 })),
    'web: node node_modules/gunicorn-ts/bin/gunicorn.js --bind=0.0.0.0:$PORT --workers=3 app.ts\n',
  );
});

test('an image of compose is what was asked for, or is refused', (t) => {
  t.regex(
    made('compose', deploymentOf(), [['--image', 'registry.example:5000/shop:2']]),
    /image: "registry\.example:5000\/shop:2"/,
  );
  t.throws(() => made('compose', deploymentOf(), [['--image', 'Shop 2']]), { code: 'ERR_EXPORT_USAGE' });
});

test('neither the name of a folder nor that of a package manager adds a line to a Dockerfile', (t) => {
  const deployment = deploymentOf({ workers: 2, workerClass: 'event' });
  const project = withProject(['yarn.lock'], { packageManager: 'yarn@4; touch /tmp/owned' });
  const text = made('docker', { ...deployment, name: 'a (copy)\nRUN touch /tmp/owned', project });
  t.notRegex(text, /^RUN touch|; touch/m);
  t.regex(text, /--tag a-copy-run-touch-tmp-owned \./);
});
