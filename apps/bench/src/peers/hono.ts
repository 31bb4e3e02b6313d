import { fileURLToPath } from 'node:url';
import { npmFolder, npmVersion } from '../installation.ts';
import type { Peer } from '../peer.ts';

const server = fileURLToPath(new URL('../servers/hono.ts', import.meta.url));
const PACKAGES = ['hono@4.13.19', '@hono/node-server@2.1.8'];
let folderOfPackages = '';

/** Hono with its own adapter to node:http, in one process. */
export const hono: Peer = {
  name: 'hono',
  title: 'Hono',
  async prepare() {
    folderOfPackages = await npmFolder(PACKAGES);
    const adapter = npmVersion(folderOfPackages, '@hono/node-server');
    const version = npmVersion(folderOfPackages, 'hono');
    return `${version} with @hono/node-server ${adapter} on Node.js ${process.version}`;
  },
  launch: ({ port }) => ({ command: [process.execPath, server, folderOfPackages, String(port)] }),
};
