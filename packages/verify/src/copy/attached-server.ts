import { statSync } from 'node:fs';
import { cannotAttach } from '../errors.ts';
import { type Operated, type Program, type Told, tellServer } from './command.ts';

/** A server that runs already on this machine, and is its operator's. */
export class AttachedServer implements Operated {
  readonly url: URL;
  /** Workers that are wanted, before anything was asked of it. */
  readonly target: number;
  readonly #program: Program;
  readonly #where: readonly string[];

  private constructor(own: { url: URL; target: number; program: Program; where: readonly string[] }) {
    this.url = own.url;
    this.target = own.target;
    this.#program = own.program;
    this.#where = own.where;
  }

  /**
   * @param place a control socket, a pid file or a process id
   * @throws {OperatorError} `ERR_VERIFY_ATTACH`
   */
  static async find(program: Program, place: string): Promise<AttachedServer> {
    const where = isSocket(place) ? ['--control-socket', place] : ['-p', place];
    const { code, answer } = await tellServer(program, where, ['status']);
    if (code !== 0) throw cannotAttach(place, reasonOf(answer, code));
    const listeners = (answer['listeners'] ?? []) as readonly { readonly url: string }[];
    const url = listeners.map((one) => reachable(one.url)).find((one) => one !== undefined);
    if (url === undefined) {
      const found = listeners.map((one) => one.url).join(', ');
      throw cannotAttach(place, `it listens at ${found}, and verify asks by TCP`);
    }
    return new AttachedServer({ url, target: Number(answer['target']), program, where });
  }

  tell(verb: string, ...words: readonly string[]): Promise<Told> {
    return tellServer(this.#program, this.#where, [verb, ...words]);
  }

  /** As many workers as there were: after an event that was interrupted in its middle, too. */
  async restore(): Promise<void> {
    const { answer } = await this.tell('status');
    if (Number(answer['target']) !== this.target) await this.tell('scale', String(this.target));
  }
}

function reasonOf(answer: Told['answer'], code: number | null): string {
  const { error } = answer;
  return typeof error === 'string' ? error : `gunicorn status ended with ${String(code)}`;
}

function isSocket(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isSocket() === true;
}

/** An address for clients on this machine; `undefined` for a unix socket. */
export function reachable(listener: string): URL | undefined {
  const url = URL.canParse(listener) ? new URL(listener) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return url;
}
