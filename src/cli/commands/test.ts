import { Command, Option } from 'commander';
import type { HostModel } from '../../model/host-model.js';
import { scenarioLengthNs } from '../../model/scenario-length.js';
import { parseSeed } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { definitionFiles } from '../files.js';
import { loadHosts } from '../load-host.js';
import { runModel } from '../run-model.js';
import { junitReport } from '../tests/junit.js';
import type { ScenarioOutcome } from '../tests/outcome.js';
import { specReport } from '../tests/spec.js';
import { tapReport } from '../tests/tap.js';

const REPORTS = { spec: specReport, tap: tapReport, junit: junitReport };
type Format = keyof typeof REPORTS;

export function testCommand(): Command {
  return new Command('test')
    .description('play every scenario of the definitions and check what they expect')
    .argument('<file...>', '.hvhost files without errors, or folders with such files')
    .addOption(new Option('--format <format>', 'form of the result').choices(Object.keys(REPORTS)).default('spec'))
    .addOption(new Option('--seed <number>', 'seed of everything random').default(1).argParser(parseSeed))
    .action(async (paths: string[], flags: { format: Format; seed: number }) => {
      const outcomes: ScenarioOutcome[] = [];
      for (const file of definitionFiles(paths)) {
        // One with errors has been reported, and fails the whole; the others are played all the same.
        for (const host of (await loadHosts(file)) ?? []) {
          const played = await playScenarios(file, host, flags.seed);
          if (played === null) return;
          outcomes.push(...played);
        }
      }
      if (outcomes.length === 0) {
        if (process.exitCode === EXIT.failed) return;
        throw new UsageError('there is no scenario in these files');
      }
      console.log(REPORTS[flags.format](outcomes, process.stdout.isTTY === true));
      if (outcomes.some((outcome) => !passed(outcome))) process.exitCode = EXIT.failed;
    });
}

/** Null when the user stopped it. */
async function playScenarios(file: string, host: HostModel, seed: number): Promise<ScenarioOutcome[] | null> {
  const outcomes: ScenarioOutcome[] = [];
  for (const scenario of host.scenarios) {
    const horizonNs = scenarioLengthNs(scenario);
    const options = { seed, horizonNs, scenario: scenario.name, snapshotEveryNs: horizonNs, speed: null, trace: false };
    const ended = await runModel(host, options, () => {});
    if (ended.type === 'cancelled') {
      process.exitCode = EXIT.interrupted;
      return null;
    }
    const name = { file, host: host.name, scenario: scenario.name };
    outcomes.push(
      ended.type === 'refused'
        ? { ...name, refused: ended.reason.message, expectations: [] }
        : { ...name, refused: null, expectations: ended.result.expectations },
    );
  }
  return outcomes;
}

function passed(outcome: ScenarioOutcome): boolean {
  return outcome.refused === null && outcome.expectations.every((expectation) => expectation.met);
}
