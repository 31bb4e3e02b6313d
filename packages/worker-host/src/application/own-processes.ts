import { startsProcesses } from '../errors.ts';

/** Says at once what would otherwise look as if the application never came up. */
export function refuseClusters(): void {
  // Not by `import`, whose copy of the functions would be out of reach for an application that imports them.
  const cluster = process.getBuiltinModule('node:cluster') as unknown as { fork(): never };
  cluster.fork = () => {
    throw startsProcesses();
  };
}
