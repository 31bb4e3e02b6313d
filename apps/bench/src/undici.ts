import { packagesAt } from './applications/packages.ts';
import { npmFolder, npmVersion } from './installation.ts';
import type { Tool } from './peer.ts';

const PACKAGES = ['undici@8.12.4'];
let folder = '';

/** For applications that ask another server. */
export const UNDICI: Tool = {
  title: 'undici',
  async prepare() {
    folder = await npmFolder(PACKAGES);
    return npmVersion(folder, 'undici');
  },
};

/** The environment in which an application finds it. */
export function undiciEnvironment(): Readonly<Record<string, string>> {
  return packagesAt(folder);
}
