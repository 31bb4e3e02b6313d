import {
  type Export,
  type Exporter,
  type ExportedFile,
  type Invocation,
  type LoadedSettings,
  type ProjectFiles,
  EXIT_CODE,
} from '@gunicorn-ts/interface';
import { EXPORT_HELP, readArguments } from './arguments.ts';
import { describeDeployment } from './deployment.ts';
import { exportFiles } from './export.ts';
import { compareFiles, writeFiles } from './files.ts';
import { placeAt } from './invocation.ts';
import { takeOptions } from './option-words.ts';
import { exporterIn, helpOf, PACKAGED_KINDS } from './packaged.ts';

/** What a start of the server would have. */
export interface ExportedLoad {
  readonly loaded: LoadedSettings;
  readonly isPython: boolean;
  readonly project: ProjectFiles;
}

/** What the command needs of whoever calls it. */
export interface ExportIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  /** The launch directory. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly program: Invocation['program'];
  readonly isLauncher: boolean;
  /** Absolute paths of what the server is made of, besides the words of `program`. */
  readonly files: readonly string[];
  /** Reads the settings as a start of the server with these arguments would, and looks that the application is there. */
  load(argv: readonly string[]): Promise<ExportedLoad>;
  /** What a package that is installed beside the server exports. Rejects with an `OperatorError` when it is not. */
  exportersOf(packageName: string, kind: string): Promise<readonly Exporter[]>;
}

interface Delivery {
  readonly output: string | undefined;
  readonly check: string | undefined;
}

/**
 * `gunicorn export …`. Returns the exit code.
 * @param argv what stands behind `export`
 * @throws {OperatorError} with one sentence for the operator
 */
export async function runExport(argv: readonly string[], io: ExportIo): Promise<number> {
  const packaged = PACKAGED_KINDS.get(argv[0] ?? '');
  if (packaged !== undefined) {
    const [kind = '', ...words] = argv;
    return runPackaged(exporterIn(await io.exportersOf(packaged.package, kind), kind), words, io);
  }
  const asked = readArguments(argv);
  if (asked.help) {
    io.stdout.write(`${EXPORT_HELP}\n`);
    return EXIT_CODE.ok;
  }
  const deployment = await deploymentFor(asked.serverArguments, io);
  return deliver(exportFiles(deployment, asked), asked, io);
}

async function runPackaged(exporter: Exporter, words: readonly string[], io: ExportIo): Promise<number> {
  const flags = exporter.options.map(({ flag, value }) => ({ flag, isSwitch: value === undefined }));
  const { given, rest } = takeOptions(words, {
    switches: new Set([...flags.flatMap(({ flag, isSwitch }) => (isSwitch ? [flag] : [])), '--help', '-h']),
    values: new Set([
      ...flags.flatMap(({ flag, isSwitch }) => (isSwitch ? [] : [flag])),
      '--output',
      '--check',
    ]),
  });
  if (given.has('--help') || given.has('-h')) {
    io.stdout.write(`${helpOf(exporter)}\n`);
    return EXIT_CODE.ok;
  }
  const made = exporter.make(await deploymentFor(rest, io), given);
  return deliver(made, { output: given.get('--output')?.at(-1), check: given.get('--check')?.at(-1) }, io);
}

async function deploymentFor(
  argv: readonly string[],
  io: ExportIo,
): Promise<ReturnType<typeof describeDeployment>> {
  const { loaded, isPython, project } = await io.load(argv);
  const { program, isLauncher, cwd, env, files } = io;
  const invocation = placeAt(loaded, { program, isLauncher, argv, cwd });
  return describeDeployment(loaded, invocation, { env, files, isPython, project });
}

function deliver({ files, warnings }: Export, { output, check }: Delivery, io: ExportIo): number {
  for (const warning of warnings) io.stderr.write(`Warning: ${warning}\n`);
  if (check !== undefined) {
    const differences = compareFiles(check, files);
    for (const line of differences) io.stdout.write(`${line}\n`);
    return differences.length === 0 ? EXIT_CODE.ok : EXIT_CODE.failure;
  }
  if (output !== undefined) {
    for (const place of writeFiles(output, files)) io.stdout.write(`${place}\n`);
    return EXIT_CODE.ok;
  }
  io.stdout.write(printed(files));
  return EXIT_CODE.ok;
}

function printed(files: readonly ExportedFile[]): string {
  return files.map(({ name, text }) => (files.length > 1 ? `# ${name}\n${text}` : text)).join('\n');
}
