// Program: `node src/main.ts [--only boot,connection,cpu,memory,idle,stuck] [--json PATH]`. Exits 1 when a scenario
// could not be measured, 2 when the command line is wrong, 0 otherwise: a figure is no failure.
import { writeFileSync } from 'node:fs';
import { type Figure, verdict } from './figure.ts';
import { describeMachine } from './machine.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import type { Scenario } from './scenario.ts';
import { boot } from './scenarios/boot.ts';
import { connection } from './scenarios/connection.ts';
import { cpu } from './scenarios/cpu.ts';
import { idle } from './scenarios/idle.ts';
import { memory } from './scenarios/memory.ts';
import { stuck } from './scenarios/stuck.ts';
import { renderTable } from './table.ts';

const SCENARIOS: readonly Scenario[] = [boot, connection, cpu, memory, idle, stuck];

async function measure({ scenarios, json }: Options): Promise<number> {
  const machine = describeMachine();
  const figures: Figure[] = [];
  let failed = false;
  for (const scenario of scenarios) {
    console.error(`${scenario.name}: ${scenario.about}`);
    try {
      figures.push(...(await scenario.run((text) => console.error(`  ${text}`))));
    } catch (error) {
      failed = true;
      console.error(`${scenario.name} could not be measured:`, error);
    }
  }
  console.log(`\nNode.js ${machine.node}, ${machine.system}, ${machine.cores} x ${machine.cpu}\n`);
  console.log(renderTable(figures));
  if (json !== undefined) {
    const judged = figures.map((figure) => ({ ...figure, verdict: verdict(figure) }));
    writeFileSync(json, `${JSON.stringify({ machine, figures: judged }, undefined, 2)}\n`);
  }
  return failed ? 1 : 0;
}

try {
  process.exitCode = await measure(parseOptions(process.argv.slice(2), SCENARIOS));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
