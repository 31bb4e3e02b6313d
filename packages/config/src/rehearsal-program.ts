import { loadConfigFile } from './config-file.ts';
import { countCpus } from './cpus.ts';
import { filesOfLastLoad } from './fresh-import.ts';
import { stampsOf, type RehearsalAnswer } from './rehearsal.ts';

/* Loads the configuration file that it is given, and says how that went: see `rehearsal.ts`. */
const [path = ''] = process.argv.slice(2);

async function tryOut(): Promise<RehearsalAnswer> {
  const stamps = stampsOf([path]);
  try {
    await loadConfigFile(path, { env: process.env, cpus: countCpus(), command: 'reload' });
    return { loads: true, stamps: { ...stampsOf(filesOfLastLoad()), ...stamps } };
  } catch (error) {
    return { loads: false, message: error instanceof Error ? error.message : String(error) };
  }
}

process.send?.(await tryOut());
