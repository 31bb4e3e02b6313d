import { fileURLToPath } from 'node:url';
import { npmFolder, npmVersion } from '../installation.ts';
import type { Peer } from '../peer.ts';

const server = fileURLToPath(new URL('../servers/fastify.ts', import.meta.url));
const PACKAGES = ['fastify@5.12.8'];
let folderOfPackages = '';

/** Fastify that listens by itself, in one process. */
export const fastify: Peer = {
  name: 'fastify',
  title: 'Fastify',
  async prepare() {
    folderOfPackages = await npmFolder(PACKAGES);
    return `${npmVersion(folderOfPackages, 'fastify')} on Node.js ${process.version}`;
  },
  launch: ({ port }) => ({ command: [process.execPath, server, folderOfPackages, String(port)] }),
};
