// Node runs the TypeScript itself (it strips the types), so AVA only has to know the extension.
export default {
  extensions: ['ts'],
  files: [
    'packages/*/test/**/*.test.ts',
    'tooling/*/test/**/*.test.ts',
    'apps/*/test/**/*.test.ts',
    'examples/*/test/**/*.test.ts',
  ],
  // Child processes, not threads: signals, umask and the working directory belong to a process.
  workerThreads: false,
  // For a test that hangs; AVA counts it from the last test that finished anywhere.
  timeout: '2m',
};
