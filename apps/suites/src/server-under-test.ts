/** Whose `http.createServer` a suite gets. */
export interface ServerUnderTest {
  readonly name: 'node' | 'descriptor' | 'stream';
  readonly title: string;
  /** What its processes have in their environment besides. */
  env(witness: string): Readonly<Record<string, string>>;
}

const PRELOAD = new URL('preload.ts', import.meta.url).href;

/** `auto` for descriptors: suites also make servers on threads, where only streams can be. */
const engine = (transport: 'auto' | 'stream') => (witness: string) => ({
  NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${PRELOAD}`.trim(),
  SUITES_TRANSPORT: transport,
  SUITES_WITNESS: witness,
});

export const SERVERS: readonly ServerUnderTest[] = [
  { name: 'node', title: 'node:http', env: () => ({}) },
  { name: 'descriptor', title: 'engine, descriptors', env: engine('auto') },
  { name: 'stream', title: 'engine, streams', env: engine('stream') },
];
