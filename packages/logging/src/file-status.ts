import { type BigIntStats, fstatSync } from 'node:fs';

/**
 * What the kernel says of an open file. Asked for in 64 bits: Node 22 keeps 32-bit answers in one shared
 * buffer, where its `realpathSync` later takes the answer about a pipe for one about a folder, and `require`
 * no longer finds packages behind symbolic links.
 */
export function fileStatus(fd: number): BigIntStats {
  return fstatSync(fd, { bigint: true });
}
