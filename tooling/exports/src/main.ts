import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lintDockerfile } from '@gunicorn-ts/container';
import { lintManifests } from '@gunicorn-ts/kubernetes';
import { COMMAND, Folder } from '@gunicorn-ts/test-kit';
import { type Project, PROJECTS } from './projects.ts';
import { installTools, type Tools } from './tools.ts';

const CACHE = new URL('../../../node_modules/.cache/exports', import.meta.url).pathname;
const VALIDATE = new URL('validate.py', import.meta.url).pathname;
/** The oldest and the newest whose schemas there are; a wait before TERM by `sleep` is known since 1.30. */
const ALL_VERSIONS = '1.25,1.37';
const SLEEP_VERSIONS = '1.30,1.37';
const IMAGE = '--image=registry.example:5000/shop:1.4.0';

/** Values that a chart must take, and those that it must refuse, each with a word of the refusal. */
const CHART_VALUES = [
  '',
  'autoscaling.kind=hpa,podMonitor.enabled=true,cpu.limit=2000',
  'autoscaling.kind=keda,memory.recycle=true,workers=2',
  'networkPolicy.enabled=false,image.tag=sha256:' + 'a'.repeat(64),
];
const REFUSED_VALUES = [
  ['shutdownDelay=0', 'would be lost'],
  ['workers=9,cpu.limit=1000', 'share'],
  ['replicas=5,autoscaling.kind=hpa,autoscaling.maxReplicas=3', 'maxReplicas'],
  ['workrs=3', 'not allowed'],
  ['image.tag=latest', "'not' failed"],
] as const;

let count = 0;
const failures: string[] = [];

/** Runs a tool; what it says against a file is a failure. */
function holds(what: string, program: string, words: readonly string[]): string {
  count += 1;
  const { status, stdout, stderr, error } = spawnSync(program, words, { encoding: 'utf8' });
  if (status !== 0)
    failures.push(
      `${what}: ${error?.message ?? ''}${stderr.trim()}${program.endsWith('hadolint') ? stdout : ''}`,
    );
  return stdout;
}

function findNothing(what: string, findings: readonly object[]): void {
  count += 1;
  for (const finding of findings) failures.push(`${what}: ${JSON.stringify(finding)}`);
}

function exportTo(folder: Folder, kind: string, words: readonly string[], project: Project): string {
  const output = folder.file(`out-${kind}-${count}`);
  const flags = [COMMAND, 'export', kind, '--output', output, ...words, ...project.server];
  holds(`${project.name} export ${kind}`, process.execPath, ['--no-warnings', ...flags.map(String)]);
  return output;
}

function checkManifests(what: string, files: readonly string[], versions: string, tools: Tools): void {
  const objects = JSON.parse(
    holds(what, tools.python, [VALIDATE, versions, tools.customKinds.join(), ...files]) || '[]',
  ) as Record<string, unknown>[];
  findNothing(`${what} (lint)`, lintManifests(objects));
}

function checkContainer(folder: Folder, project: Project, tools: Tools): void {
  const docker = join(exportTo(folder, 'docker', [], project), 'Dockerfile');
  holds(`${project.name} hadolint`, tools.hadolint, [docker]);
  findNothing(`${project.name} Dockerfile`, lintDockerfile(readFileSync(docker, 'utf8')));
  const compose = join(exportTo(folder, 'compose', [], project), 'compose.yaml');
  const read = 'import sys, compose_spec; compose_spec.PyCompose.from_yaml(open(sys.argv[1]).read())';
  holds(`${project.name} compose`, tools.python, ['-c', read, compose]);
  const fly = join(exportTo(folder, 'fly', [], project), 'fly.toml');
  holds(`${project.name} fly.toml`, tools.python, [
    '-c',
    'import sys, tomllib; tomllib.load(open(sys.argv[1], "rb"))',
    fly,
  ]);
  exportTo(folder, 'procfile', [], project);
}

function checkKubernetes(folder: Folder, project: Project, tools: Tools): void {
  for (const [words, versions] of [
    [[], ALL_VERSIONS],
    [['--autoscale=hpa', '--pod-monitor'], ALL_VERSIONS],
    [['--autoscale=keda', '--pre-stop=10', '--cpu-limit=4000'], SLEEP_VERSIONS],
  ] as const) {
    const output = exportTo(folder, 'kubernetes', [IMAGE, ...words], project);
    checkManifests(
      `${project.name} kubernetes ${words.join(' ')}`,
      globSync(`${output}/*.yaml`),
      versions,
      tools,
    );
  }
  const kustomize = exportTo(folder, 'kustomize', [IMAGE, '--autoscale=hpa'], project);
  for (const overlay of ['production', 'staging']) {
    const text = holds(`${project.name} kustomize ${overlay}`, tools.kubectl, [
      'kustomize',
      `${kustomize}/overlays/${overlay}`,
    ]);
    const file = `${kustomize}/${overlay}.yaml`;
    writeFileSync(file, text);
    checkManifests(`${project.name} kustomize ${overlay}`, [file], ALL_VERSIONS, tools);
  }
}

function checkChart(folder: Folder, project: Project, tools: Tools): void {
  const chart = exportTo(folder, 'helm', [IMAGE], project);
  holds(`${project.name} helm lint`, tools.helm, ['lint', '--strict', '--kube-version=1.37.0', chart]);
  for (const values of CHART_VALUES) {
    const words = [
      'template',
      'shop',
      chart,
      '--kube-version=1.37.0',
      ...(values === '' ? [] : ['--set', values]),
    ];
    const file = `${chart}/../chart-${count}.yaml`;
    writeFileSync(file, holds(`${project.name} helm ${values}`, tools.helm, words));
    checkManifests(`${project.name} helm ${values}`, [file], ALL_VERSIONS, tools);
  }
  for (const [values, word] of REFUSED_VALUES) {
    count += 1;
    const words = ['template', 'shop', chart, '--kube-version=1.37.0', '--set', values];
    const { status, stderr } = spawnSync(tools.helm, words, { encoding: 'utf8' });
    if (status === 0 || !stderr.includes(word))
      failures.push(`${project.name} helm ${values} is not refused: ${stderr}`);
  }
}

/** Where the command is installed, which folders of projects are given. */
const HERE = process.cwd();
const tools = installTools(CACHE);
/** `pnpm exports:check NAME…` looks at these alone. */
const wanted = process.argv.slice(2);
for (const project of PROJECTS.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const folder = new Folder(project.files);
  process.chdir(folder.path);
  try {
    checkContainer(folder, project, tools);
    checkKubernetes(folder, project, tools);
    checkChart(folder, project, tools);
  } finally {
    process.chdir(HERE);
    folder.remove();
  }
}
for (const failure of failures) process.stdout.write(`✘ ${failure}\n`);
process.stdout.write(`${count} checks, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
