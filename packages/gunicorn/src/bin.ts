// Until the arbiter has handlers of its own these would end the process, stop it, or open Node's inspector. There is
// nothing to reload or to scale yet; TERM, INT and QUIT keep their meaning.
for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGTTIN', 'SIGTTOU', 'SIGWINCH'] as const) {
  process.on(signal, () => {});
}

const { main } = await import('./main.ts');
process.exit(
  await main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, env: process.env }),
);
