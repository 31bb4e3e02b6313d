/** One thing that is wrong with a Dockerfile. */
export interface DockerfileFinding {
  readonly line: number;
  readonly what: string;
}

/** One instruction of a Dockerfile, with the lines that it goes on over. */
export interface DockerInstruction {
  readonly line: number;
  readonly name: string;
  readonly rest: string;
}

/**
 * What a Dockerfile of a server must keep to, whoever wrote it: an account that is not root, signals that arrive, a base
 * that stays the same, and nothing that only some builders take.
 */
export function lintDockerfile(text: string): readonly DockerfileFinding[] {
  const instructions = readDockerfile(text);
  const stages = instructions.filter(({ name }) => name === 'FROM');
  const last = instructions.slice(instructions.lastIndexOf(stages.at(-1)!));
  const end = instructions.at(-1)?.line ?? 1;
  const lastOf = (wanted: string): DockerInstruction | undefined =>
    last.findLast(({ name }) => name === wanted);
  return [
    ...stages.flatMap((stage) => baseFindings(stage, instructions)),
    ...instructions.flatMap((one) => instructionFindings(one, stages)),
    ...userFindings(lastOf('USER'), end),
    ...['ENTRYPOINT', 'CMD'].flatMap((name) => execFindings(lastOf(name), name, end)),
    ...(lastOf('HEALTHCHECK') === undefined ? [{ line: end, what: 'has no HEALTHCHECK' }] : []),
    ...(/^(?:SIG)?TERM$|^15$/.test(lastOf('STOPSIGNAL')?.rest ?? 'SIGTERM')
      ? []
      : [{ line: end, what: 'STOPSIGNAL is not SIGTERM, which lets requests finish' }]),
  ].toSorted((one, other) => one.line - other.line);
}

/** The instructions of a Dockerfile, without comments. */
export function readDockerfile(text: string): DockerInstruction[] {
  const found: DockerInstruction[] = [];
  let open: { line: number; text: string } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    const goesOn = line.endsWith('\\');
    const part = goesOn ? line.slice(0, -1).trim() : line.trim();
    open = { line: open?.line ?? index + 1, text: open === undefined ? part : `${open.text} ${part}` };
    if (goesOn) continue;
    const [, name = '', rest = ''] = /^(\w+)\s*(.*)$/s.exec(open.text) ?? [];
    found.push({ line: open.line, name: name.toUpperCase(), rest });
    open = undefined;
  }
  return found;
}

function baseFindings(
  { line, rest }: DockerInstruction,
  all: readonly DockerInstruction[],
): DockerfileFinding[] {
  const [base = ''] = rest.split(/\s+/);
  const argument = /^\$\{?(\w+)\}?$/.exec(base)?.[1];
  const declared = all.find(({ name, rest: other }) => name === 'ARG' && other.startsWith(`${argument}=`));
  const image = argument === undefined ? base : (declared?.rest.slice(argument.length + 1) ?? '');
  if (image === '') return [{ line, what: `FROM ${base}: no ARG before it gives that a value` }];
  const isPinned = /@sha256:[0-9a-f]{64}$/.test(image) || /:[\w][\w.-]*$/.test(image);
  if (isPinned && !image.endsWith(':latest')) return [];
  return [{ line, what: `FROM ${image}: has no version, and is another image tomorrow` }];
}

function instructionFindings(
  { line, name, rest }: DockerInstruction,
  stages: readonly DockerInstruction[],
): DockerfileFinding[] {
  const from = /^--from=(\S+)/.exec(rest)?.[1];
  const names = stages.map((stage) => / AS (\S+)$/i.exec(stage.rest)?.[1]);
  return [
    ...(name === 'ADD' ? [{ line, what: 'ADD unpacks and downloads; write COPY' }] : []),
    ...(name === 'RUN' && /\bsudo\b/.test(rest) ? [{ line, what: 'RUN uses sudo' }] : []),
    ...(name === 'COPY' && from !== undefined && !names.includes(from)
      ? [{ line, what: `COPY --from=${from}: there is no such stage` }]
      : []),
    ...(name === 'ENV' && /\b\w*(?:SECRET|PASSWORD|TOKEN|API_KEY)\w*=/.test(rest)
      ? [{ line, what: 'ENV holds a secret, which everybody with the image can read' }]
      : []),
  ];
}

function userFindings(user: DockerInstruction | undefined, end: number): DockerfileFinding[] {
  if (user === undefined) return [{ line: end, what: 'has no USER: the server would run as root' }];
  const [uid = ''] = user.rest.split(':');
  if (!/^\d+$/.test(uid)) {
    return [{ line: user.line, what: `USER ${user.rest}: runAsNonRoot of Kubernetes needs a number` }];
  }
  return Number(uid) === 0 ? [{ line: user.line, what: 'USER is root' }] : [];
}

function execFindings(one: DockerInstruction | undefined, name: string, end: number): DockerfileFinding[] {
  if (one === undefined) return name === 'CMD' ? [] : [{ line: end, what: `has no ${name}` }];
  try {
    const words: unknown = JSON.parse(one.rest);
    if (Array.isArray(words) && words.length > 0) {
      const isNpm = /^(?:npm|npx|yarn|pnpm|sh|bash)$/.test(String(words[0]));
      return name === 'ENTRYPOINT' && isNpm
        ? [
            {
              line: one.line,
              what: `${name} starts ${String(words[0])}, which keeps signals from the server`,
            },
          ]
        : [];
    }
  } catch {
    // A command for a shell, which is said below.
  }
  return [
    { line: one.line, what: `${name} is for a shell, which keeps signals from the server; write ["…"]` },
  ];
}
