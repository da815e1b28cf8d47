import { Command, Option } from 'commander';
import type { CheckedFile } from '../../language/project.js';
import type { HostModel } from '../../model/host-model.js';
import type { Scenario } from '../../model/scenario.js';
import { scenarioLengthNs } from '../../model/scenario-length.js';
import { parseSeed } from '../arguments.js';
import { EXIT, UsageError } from '../exit.js';
import { definitionFiles, uriOf } from '../files.js';
import { readFile } from '../load-host.js';
import { runModel } from '../run-model.js';
import { junitReport } from '../tests/junit.js';
import { type Outcome, type ScenarioOutcome, suiteOf } from '../tests/outcome.js';
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
      const outcomes: Outcome[] = [];
      const files = definitionFiles(paths);
      for (const file of files) {
        const { checked, errors } = await readFile(file);
        // It fails the whole; the others are played all the same.
        if (errors.length > 0) {
          outcomes.push({ file, errors });
          continue;
        }
        for (const { host, scenarios } of scenariosOf(checked, files)) {
          const played = await playScenarios(file, host, scenarios, flags.seed);
          if (played === null) return;
          outcomes.push(...played);
        }
      }
      if (outcomes.length === 0) throw new UsageError('there is no scenario in these files');
      console.log(REPORTS[flags.format](outcomes, process.stdout.isTTY === true));
      if (outcomes.some((outcome) => suiteOf(outcome).cases.some(({ verdict }) => verdict !== 'passed')))
        process.exitCode = EXIT.failed;
    });
}

/** What is to be played from a file: an imported scenario only where its own file is not among those that are played. */
function scenariosOf(file: CheckedFile, played: readonly string[]): { host: HostModel; scenarios: Scenario[] }[] {
  const others = new Set(played.map(uriOf));
  const elsewhere = file.imports.filter(({ uri }) => others.has(uri)).flatMap(({ scenarios }) => scenarios);
  return file.hosts.map((host) => {
    const isElsewhere = ({ name }: Scenario) => elsewhere.some((each) => each.host === host.name && each.name === name);
    return { host, scenarios: host.scenarios.filter((scenario) => !isElsewhere(scenario)) };
  });
}

/** Null when the user stopped it. */
async function playScenarios(
  file: string,
  host: HostModel,
  scenarios: readonly Scenario[],
  seed: number,
): Promise<ScenarioOutcome[] | null> {
  const outcomes: ScenarioOutcome[] = [];
  for (const scenario of scenarios) {
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
        ? { ...name, refused: ended.reason.message, readyNs: 0, expectations: [] }
        : { ...name, refused: null, readyNs: ended.result.readyNs, expectations: ended.result.expectations },
    );
  }
  return outcomes;
}
