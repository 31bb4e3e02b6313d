import { request, type Response, type Server } from '@gunicorn-ts/test-kit';

/** Where the log says that the admin listener is. */
export async function adminUrl(server: Server): Promise<string> {
  const [, url = ''] = await server.waitFor(/Admin listener at: (\S+)/);
  return url;
}

/** What `/metrics` says, by line. */
export class Metrics {
  readonly #values: ReadonlyMap<string, number>;

  private constructor(text: string) {
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.#values = new Map(
      lines.map((line) => [
        line.slice(0, line.lastIndexOf(' ')),
        Number(line.slice(line.lastIndexOf(' ') + 1)),
      ]),
    );
  }

  static async of(url: string): Promise<Metrics> {
    return new Metrics((await request(`${url}/metrics`)).text);
  }

  /** The value of a line, or the sum of all that have the name. */
  of(name: string): number {
    const exact = this.#values.get(name);
    if (exact !== undefined) return exact;
    return [...this.#values].reduce(
      (sum, [line, value]) => (line.startsWith(`${name}{`) ? sum + value : sum),
      0,
    );
  }

  get requests(): number {
    return this.of('http_server_request_duration_seconds_count');
  }

  /** Lines of counters whose value is less than in an earlier look. */
  lessThan(before: Metrics): string[] {
    return [...before.#values]
      .filter(([line]) => /_(?:total|count|bucket|sum)\b/.test(line))
      .filter(([line, value]) => (this.#values.get(line) ?? 0) < value)
      .map(([line, value]) => `${line}: ${value} -> ${this.#values.get(line)}`);
  }
}

export function probe(url: string, path: string): Promise<Response> {
  return request(`${url}${path}`);
}
