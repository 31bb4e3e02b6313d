import { request, type RequestOptions, type Response } from '@gunicorn-ts/test-kit';

/** A client that keeps its cookies, as a browser does. */
export class Visitor {
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(url: string) {
    this.#url = url;
  }

  async get(path: string): Promise<Response> {
    return this.#send(path, {});
  }

  /** Sends a form as a browser does when it has a file in it. */
  async post(path: string, fields: Readonly<Record<string, string | File>>): Promise<Response> {
    const form = new FormData();
    form.set('csrfmiddlewaretoken', this.#cookies.get('csrftoken') ?? '');
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    const encoded = new globalThis.Request('http://form.test', { method: 'POST', body: form });
    return this.#send(path, {
      method: 'POST',
      headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
      body: new Uint8Array(await encoded.arrayBuffer()),
    });
  }

  async #send(path: string, options: RequestOptions): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await request(`${this.#url}${path}`, {
      ...options,
      headers: { ...options.headers, cookie },
    });
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }
}
