import { fileURLToPath } from 'node:url';
import { hello } from '../applications.ts';
import type { Peer } from '../peer.ts';
import type { Maker } from '../servers/create-server.ts';

const server = fileURLToPath(new URL('../servers/plain.ts', import.meta.url));

function plain(name: string, title: string, maker: Maker): Peer {
  return {
    name,
    title,
    prepare: () => Promise.resolve(process.version),
    launch: ({ application = hello.node, port, keepAlive }) => ({
      command: [process.execPath, server, maker, application, port, keepAlive ?? []].flat().map(String),
    }),
  };
}

/** One process, `http.createServer(application).listen(port)`: what people run before they want more. */
export const bareNode: Peer = plain('node', 'node:http', 'node');

/** The same program with our `createServer` in the place of Node's. */
export const engine: Peer = plain('engine', 'gunicorn-ts createServer', 'engine');
