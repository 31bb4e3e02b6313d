/**
 * Lets stdout and stderr fail (the terminal is gone, nobody reads the pipe, the disk is full) without ending the
 * process: Node.js emits such an error, and one that nobody hears is an uncaught exception. What could not be written
 * is lost; `report` is told once for each stream.
 */
export function surviveStandardStreams(report?: (problem: string) => void): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const property = Object.getOwnPropertyDescriptor(process, name);
    // Not now: who never prints shall not pay for the streams.
    const get = property?.get;
    if (get === undefined) continue;
    const heard = new WeakSet<NodeJS.WriteStream>();
    const stream = (): NodeJS.WriteStream => {
      const found = get.call(process) as NodeJS.WriteStream;
      if (heard.has(found)) return found;
      heard.add(found);
      let reported = false;
      found.on('error', (error: NodeJS.ErrnoException) => {
        if (reported) return;
        reported = true;
        report?.(`${name} cannot be written, and what is printed there is lost: ${error.message}`);
      });
      return found;
    };
    Object.defineProperty(process, name, { ...property, get: stream });
  }
}
