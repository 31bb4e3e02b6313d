import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hello } from '../applications.ts';
import { npmFolder, npmVersion } from '../installation.ts';
import type { Peer } from '../peer.ts';

const PACKAGES = ['pm2@7.0.4'];
let folderOfPackages = '';

/** PM2's cluster mode, in the foreground as its image runs it, with a home of its own. */
export const pm2: Peer = {
  name: 'pm2',
  title: 'PM2 cluster',
  async prepare() {
    folderOfPackages = await npmFolder(PACKAGES);
    return `${npmVersion(folderOfPackages, 'pm2')} on Node.js ${process.version}`;
  },
  launch({ application = hello.node, port, workers, folder }) {
    const program = join(folder, 'program.cjs');
    writeFileSync(program, gracefulProgram(application, port));
    const bin = (name: string): string => join(folderOfPackages, 'node_modules', 'pm2', 'bin', name);
    return {
      command: [process.execPath, bin('pm2-runtime'), 'start', program, '-i', String(workers)],
      environment: { PM2_HOME: join(folder, 'home'), PM2_DISCRETE_MODE: 'true' },
      reload: [process.execPath, bin('pm2'), 'reload', 'all'],
    };
  },
};

/** Leaves on SIGINT once its requests are answered, as PM2's guide to graceful reloads has it. */
function gracefulProgram(application: string, port: number): string {
  return `const { createServer } = require('node:http');
const { default: application } = require(${JSON.stringify(application)});
const server = createServer(application).listen(${port}, '127.0.0.1');
process.on('SIGINT', () => server.close(() => process.exit(0)));
`;
}
