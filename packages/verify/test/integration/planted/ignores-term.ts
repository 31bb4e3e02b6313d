// The fault: a worker that is told to leave does not come to it.
process.on('SIGTERM', () => {
  for (;;);
});

export { default } from './good.ts';
