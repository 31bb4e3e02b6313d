import { judge } from './claim.ts';
import { describeMachine } from './machine.ts';
import type { Options } from './options.ts';
import { NotInstalled, type Peer, type Tool } from './peer.ts';
import type { Absence, Report, ScenarioReport } from './report.ts';
import type { Scenario } from './scenario.ts';
import { shareOf } from './time.ts';

type Say = (text: string) => void;

export interface Listener {
  /** Says what is going on. */
  readonly say: Say;
  /** Takes what there is, after each scenario: whoever interrupts a run of half an hour keeps what it has found. */
  readonly keep: (report: Report) => void;
}

/** Asks every scenario of the peers that can be had. */
export async function runBench(
  { scenarios, peers, quick, minutes }: Options,
  { say, keep }: Listener,
): Promise<Report> {
  const wanted = [
    ...peers.filter((peer) => scenarios.some((scenario) => scenario.peers.includes(peer))),
    ...new Set(scenarios.flatMap(({ tools = [] }) => tools)),
  ];
  const machine = describeMachine();
  const { ready, versions, missing } = await prepare(wanted, say);
  let report: Report = { machine, quick, versions, missing, scenarios: [], outstanding: namesOf(scenarios) };
  const end = performance.now() + minutes * 60_000;
  for (const [index, scenario] of scenarios.entries()) {
    say(`${scenario.name}: ${scenario.about}`);
    const now = performance.now();
    const until =
      now +
      shareOf(
        end - now,
        scenarios.slice(index).map((one) => one.minutes),
      );
    const asked = [...report.scenarios, await askScenario(scenario, { ready, quick, until, say })];
    report = { ...report, scenarios: asked, outstanding: namesOf(scenarios.slice(index + 1)) };
    keep(report);
  }
  return report;
}

function namesOf(scenarios: readonly Scenario[]): readonly string[] {
  return scenarios.map(({ name }) => name);
}

interface Prepared extends Pick<Report, 'versions' | 'missing'> {
  readonly ready: ReadonlySet<Tool>;
}

async function prepare(wanted: readonly Tool[], say: Say): Promise<Prepared> {
  const versions: Record<string, string> = {};
  const missing: Absence[] = [];
  const ready = new Set<Tool>();
  for (const tool of wanted) {
    const { title } = tool;
    try {
      versions[title] = await tool.prepare();
      ready.add(tool);
    } catch (error) {
      if (!(error instanceof NotInstalled)) throw error;
      missing.push({ peer: title, reason: error.message });
      say(`${title} is left out: ${error.message}`);
    }
  }
  return { ready, versions, missing };
}

interface Circumstances {
  readonly ready: ReadonlySet<Tool>;
  readonly quick: boolean;
  readonly until: number;
  readonly say: Say;
}

async function askScenario(
  scenario: Scenario,
  { ready, quick, until, say }: Circumstances,
): Promise<ScenarioReport> {
  const started = performance.now();
  const { name, title, about, drawn, claims } = scenario;
  const failed: Absence[] = [];
  const giveUp = ({ title: peer }: Peer, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    failed.push({ peer, reason });
    say(`  ${peer} could not be measured: ${reason}`);
  };
  const peers = scenario.peers.filter((peer) => ready.has(peer));
  const context = { peers, quick, until, progress: (text: string) => say(`  ${text}`), giveUp };
  const lacking = scenario.tools?.find((tool) => !ready.has(tool));
  if (lacking) say(`  not measured without ${lacking.title}`);
  const run = lacking || peers.length === 0 ? Promise.resolve([]) : scenario.run(context);
  const measurements = await run.catch((error: unknown) => {
    for (const peer of peers) giveUp(peer, error);
    return [];
  });
  const verdicts = claims.map((claim) => judge(claim, measurements));
  const seconds = Math.round((performance.now() - started) / 1000);
  return { name, title, about, measurements, verdicts, drawn, failed, seconds };
}
