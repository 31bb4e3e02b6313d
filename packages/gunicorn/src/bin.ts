import { main } from './main.ts';

process.exit(
  await main(process.argv.slice(2), { stdout: process.stdout, stderr: process.stderr, env: process.env }),
);
