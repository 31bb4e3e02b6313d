import { platformOf } from './platform.ts';

/**
 * The platform of this machine.
 * @throws {Error} when there is no wheel for it
 */
export function platformHere(): string {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const found = platformOf(process, process.platform === 'linux' && header.glibcVersionRuntime === undefined);
  if (found === undefined)
    throw new Error(`there is no wheel for ${process.platform} on ${process.arch}; name a platform`);
  return found;
}
