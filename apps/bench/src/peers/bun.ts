import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printedBy } from '../command.ts';
import { npmFolder } from '../installation.ts';
import type { Peer } from '../peer.ts';

const server = fileURLToPath(new URL('../servers/bun.ts', import.meta.url));
const PACKAGES = ['bun@1.4.5'];
let program = '';

/** Another runtime: `Bun.serve`, in one process. */
export const bun: Peer = {
  name: 'bun',
  title: 'Bun',
  async prepare() {
    program = join(await npmFolder(PACKAGES), 'node_modules', 'bun', 'bin', 'bun.exe');
    return await printedBy(program, '--version');
  },
  launch: ({ port }) => ({ command: [program, server, String(port)] }),
};
