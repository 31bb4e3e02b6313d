import { get } from 'node:http';
import { text } from 'node:stream/consumers';

/** The body of one answer, on a connection of its own. */
export function ask(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
      text(response).then(resolve, reject);
    }).on('error', reject);
  });
}
