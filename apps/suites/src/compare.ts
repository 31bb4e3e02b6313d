import { differences } from './comparison.ts';
import { install } from './installation.ts';
import type { Places } from './installation.ts';
import { type RunsByServer, type SuiteRecord, talliesOf } from './record.ts';
import { type Run, runSuite } from './run.ts';
import { SERVERS } from './server-under-test.ts';
import type { Suite } from './suite.ts';

/** Runs a suite on each server in turn, and once more where anything differs. */
export async function compareSuite(
  suite: Suite,
  places: Places,
  say: (text: string) => void,
): Promise<SuiteRecord> {
  const installed = await install(suite, places);
  const runs: Record<keyof RunsByServer, Run[]> = { node: [], descriptor: [], stream: [] };
  const round = async (): Promise<void> => {
    for (const server of SERVERS) {
      const run = await runSuite(suite, installed, server);
      runs[server.name].push(run);
      say(`${suite.name}, ${server.title}: ${describe(run)}`);
    }
  };
  await round();
  if (differ(runs)) await round();
  return {
    suite: suite.name,
    version: installed.version,
    commit: installed.commit,
    date: new Date().toISOString().slice(0, 10),
    nodeVersion: process.versions.node,
    tallies: talliesOf(runs),
  };
}

function differ(runs: RunsByServer): boolean {
  const [node, ...engines] = SERVERS.map(({ name }) => runs[name].map((run) => run.verdicts));
  return engines.some((verdicts) => differences(node!, verdicts).length > 0);
}

function describe({ verdicts, engineServers, trouble }: Run): string {
  const passed = [...verdicts.values()].filter((verdict) => verdict === 'passed').length;
  const servers = engineServers > 0 ? `, ${engineServers} servers of the engine` : '';
  const end = trouble === undefined ? '' : `\n${trouble}`;
  return `${passed} passed, ${verdicts.size - passed} failed${servers}${end}`;
}
