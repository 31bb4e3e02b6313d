/**
 * Answers with the process id; `/env/NAME` with a variable; `/spin` blocks; `/slow` answers after a second,
 * `/wait` never.
 */
export const APP = `
import { setTimeout as delay } from 'node:timers/promises';
export default async function app(request, response) {
  if (request.url === '/spin') for (;;);
  if (request.url === '/wait') return console.error('a request waits');
  if (request.url === '/slow') {
    console.error('slow request begins');
    await delay(1000);
  }
  if (request.url?.startsWith('/env/')) return response.end(String(process.env[request.url.slice(5)]));
  response.end(String(process.pid));
}
`;

/** Answers with a text, so that a reload shows. */
export function saying(text: string): string {
  return `export default (request, response) => response.end(${JSON.stringify(text)});\n`;
}
