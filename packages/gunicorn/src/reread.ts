import type { LoadedSettings } from '@gunicorn-ts/interface';

/**
 * Reads the settings again where they were read first: in the launch folder by its name, which may lead elsewhere than
 * before. Afterwards this process stands in their `chdir`, or, when they cannot be read, in the folder of the running ones.
 */
export async function rereadIn(
  launchFolder: string,
  runningFolder: string,
  read: () => Promise<LoadedSettings>,
): Promise<LoadedSettings> {
  enter(launchFolder);
  try {
    const loaded = await read();
    process.chdir(loaded.settings.chdir);
    return loaded;
  } catch (error) {
    enter(runningFolder);
    throw error;
  }
}

/** What needs a folder that is gone says so better. */
function enter(folder: string): void {
  try {
    process.chdir(folder);
  } catch {
    // Where it is then makes no difference: everything is named by absolute paths.
  }
}
