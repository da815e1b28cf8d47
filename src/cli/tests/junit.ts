import { casesOf, type ScenarioOutcome } from './outcome.js';

/** JUnit XML, as CI servers read it: a suite for each scenario. */
export function junitReport(outcomes: ScenarioOutcome[]): string {
  const suites = outcomes.map((outcome) => {
    const cases = casesOf(outcome);
    const failures = cases.filter((each) => !each.passed).length;
    const name = escapeXml(`${outcome.host} ${outcome.scenario}`);
    const body = cases.map(({ title, passed, detail }) => {
      const open = `    <testcase name="${escapeXml(title)}" classname="${name}" file="${escapeXml(outcome.file)}"`;
      return passed ? `${open}/>` : `${open}>\n      <failure message="${escapeXml(detail)}"/>\n    </testcase>`;
    });
    return [
      `  <testsuite name="${name}" tests="${cases.length}" failures="${failures}">`,
      ...body,
      '  </testsuite>',
    ].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>'].join('\n');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
