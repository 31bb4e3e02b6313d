import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { integrityOf, type Tarball } from './tarballs.ts';

/** Package managers hold back what is younger than some days; what is tried here is not. */
const PUBLISHED = '2020-01-01T00:00:00.000Z';

/**
 * A registry of this machine that has the tarballs as if they were published, and hands every other question on to the
 * registry that npm is set up with. What users type can so be typed before anything is published.
 */
export class Registry {
  readonly #server: Server;
  readonly #upstream: string;
  readonly #tarballs: ReadonlyMap<string, Tarball>;
  /** By what was asked: fifty projects want the same, and the other registry is far. */
  readonly #answers = new Map<string, Promise<Answer>>();
  /** Names of packages that were asked for of the other registry. */
  readonly passedOn = new Set<string>();

  private constructor(tarballs: readonly Tarball[], upstream: string) {
    this.#tarballs = new Map(tarballs.map((one) => [one.manifest.name, one]));
    this.#upstream = upstream.replace(/\/$/, '');
    this.#server = createServer((request, response) => {
      this.#answer(request.url ?? '/', request.headers.accept, response).catch((error: unknown) => {
        response.writeHead(502).end(String(error));
      });
    });
  }

  static async open(tarballs: readonly Tarball[]): Promise<Registry> {
    const upstream = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
    const registry = new Registry(tarballs, upstream);
    registry.#server.listen(0, '127.0.0.1');
    await once(registry.#server, 'listening');
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(target: string, accept: string | undefined, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(target, this.url);
    const name = decodeURIComponent(pathname.slice(1)).replace(/\/-\/.*$/, '');
    const own = this.#tarballs.get(name);
    if (own === undefined) return this.#passOn(target, accept, response);
    if (pathname.endsWith('.tgz')) response.end(own.bytes);
    else response.setHeader('Content-Type', 'application/json').end(JSON.stringify(this.#packument(own)));
  }

  #packument(tarball: Tarball): object {
    const { name, version } = tarball.manifest;
    const dist = {
      tarball: `${this.url}/${name}/-/${basename(tarball.path)}`,
      integrity: integrityOf(tarball),
      shasum: createHash('sha1').update(tarball.bytes).digest('hex'),
    };
    return {
      name,
      'dist-tags': { latest: version },
      time: { created: PUBLISHED, modified: PUBLISHED, [version]: PUBLISHED },
      versions: { [version]: { ...tarball.manifest, dist } },
    };
  }

  async #passOn(target: string, accept: string | undefined, response: ServerResponse): Promise<void> {
    this.passedOn.add(target);
    const { status, type, body } = await this.#answerTo(target, accept);
    response.writeHead(status, type === null ? {} : { 'Content-Type': type }).end(body);
  }

  /** Asked for once, unless it was refused. */
  #answerTo(target: string, accept: string | undefined): Promise<Answer> {
    const key = `${accept ?? ''} ${target}`;
    const known = this.#answers.get(key);
    if (known !== undefined) return known;
    const asked = this.#ask(target, accept);
    this.#answers.set(key, asked);
    const forget = (): void => void this.#answers.delete(key);
    asked.then(({ status }) => status === 200 || forget(), forget);
    return asked;
  }

  async #ask(target: string, accept: string | undefined): Promise<Answer> {
    const answer = await fetch(this.#upstream + target, {
      ...(accept !== undefined && { headers: { accept } }),
    });
    const body = Buffer.from(await answer.arrayBuffer());
    return { status: answer.status, type: answer.headers.get('content-type'), body };
  }
}

/** What the other registry says. */
interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Buffer;
}
