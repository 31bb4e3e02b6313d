import { type DockerInstruction, readDockerfile } from '@gunicorn-ts/container';

/** An image that was read, as far as it can be played on a machine that builds none. */
export interface PlayedImage {
  /** For a shell: what the build stages do, in the folder of the last one. */
  readonly build: string;
  /** Variables that the server has. */
  readonly env: readonly string[];
  /** Numbers of user and group. */
  readonly user: string;
  readonly server: readonly string[];
  readonly health: readonly string[];
}

/** A word for a shell, whatever is in it. */
export const quoted = (word: string): string => `'${word.replaceAll("'", String.raw`'\''`)}'`;

/**
 * What a builder would do of a Dockerfile of ours, for a root of this machine's own: `FROM` is the system that is there, and
 * what the first stage leaves in its folder the last one has in the same place.
 * @param context the folder that is copied from
 */
export function playDockerfile(text: string, context: string): PlayedImage {
  const instructions = readDockerfile(text);
  const from = instructions.findLastIndex(({ name }) => name === 'FROM');
  const [stages, last] = [instructions.slice(0, from), instructions.slice(from + 1)];
  const words = (name: string): readonly string[] => {
    const rest = last.findLast((one) => one.name === name)?.rest ?? '';
    return JSON.parse(rest.slice(Math.max(0, rest.indexOf('[')))) as string[];
  };
  return {
    build: ['set -eu', ...stages.map((one) => shellOf(one, context))]
      .filter((line) => line !== '')
      .join('\n'),
    env: last.filter(({ name }) => name === 'ENV').flatMap(({ rest }) => rest.split(' ')),
    user: last.findLast(({ name }) => name === 'USER')?.rest ?? '',
    server: [...words('ENTRYPOINT'), ...words('CMD')],
    health: words('HEALTHCHECK'),
  };
}

function shellOf({ name, rest, line }: DockerInstruction, context: string): string {
  switch (name) {
    case 'FROM':
      return '';
    case 'ARG':
      return rest;
    case 'ENV':
      return `export ${rest}`;
    case 'WORKDIR':
      return `mkdir -p ${rest} && cd ${rest}`;
    case 'RUN':
      return rest;
    case 'COPY': {
      const paths = rest.split(/\s+/);
      const to = paths.pop() ?? '.';
      // A folder is copied for what is in it.
      return paths
        .map((path) => `cp -a ${quoted(`${context}/${path}`)}${path === '.' ? '/.' : ''} ${to}`)
        .join(' && ');
    }
    default:
      throw new Error(`line ${line} has ${name}, which is not played; teach play-image.ts`);
  }
}
