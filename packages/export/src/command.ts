import { type LoadedSettings, EXIT_CODE } from '@gunicorn-ts/interface';
import { EXPORT_HELP, readArguments } from './arguments.ts';
import { describeDeployment } from './deployment.ts';
import { exportFiles } from './export.ts';
import { compareFiles, writeFiles } from './files.ts';
import { type Invocation, placeAt } from './invocation.ts';

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
  load(argv: readonly string[]): Promise<LoadedSettings>;
}

/**
 * `gunicorn export …`. Returns the exit code.
 * @param argv what stands behind `export`
 * @throws {OperatorError} with one sentence for the operator
 */
export async function runExport(argv: readonly string[], io: ExportIo): Promise<number> {
  const asked = readArguments(argv);
  if (asked.help) {
    io.stdout.write(`${EXPORT_HELP}\n`);
    return EXIT_CODE.ok;
  }
  const loaded = await io.load(asked.serverArguments);
  const { program, isLauncher, cwd } = io;
  const invocation = placeAt(loaded, { program, isLauncher, argv: asked.serverArguments, cwd });
  const { files, warnings } = exportFiles(describeDeployment(loaded, invocation, io), asked);
  for (const warning of warnings) io.stderr.write(`Warning: ${warning}\n`);
  if (asked.check !== undefined) {
    const differences = compareFiles(asked.check, files);
    for (const line of differences) io.stdout.write(`${line}\n`);
    return differences.length === 0 ? EXIT_CODE.ok : EXIT_CODE.failure;
  }
  if (asked.output !== undefined) {
    for (const place of writeFiles(asked.output, files)) io.stdout.write(`${place}\n`);
    return EXIT_CODE.ok;
  }
  const named = files.length > 1;
  io.stdout.write(files.map(({ name, text }) => (named ? `# ${name}\n${text}` : text)).join('\n'));
  return EXIT_CODE.ok;
}
