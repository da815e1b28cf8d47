import { type Outcome, suiteOf, type TestCase } from './outcome.js';

/** JUnit XML, as CI servers read it: a suite for each scenario, and for each file with errors. */
export function junitReport(outcomes: Outcome[]): string {
  const suites = outcomes.map((outcome) => {
    const { file, name, cases } = suiteOf(outcome);
    const counted = (verdict: TestCase['verdict']) => cases.filter((each) => each.verdict === verdict).length;
    const body = cases.map(({ title, verdict, detail }) => {
      const open = `    <testcase name="${escapeXml(title)}" classname="${escapeXml(name)}" file="${escapeXml(file)}"`;
      if (verdict === 'passed') return `${open}/>`;
      const element = verdict === 'failed' ? 'failure' : 'error';
      return `${open}>\n      <${element} message="${escapeXml(detail)}"/>\n    </testcase>`;
    });
    const counts = `tests="${cases.length}" failures="${counted('failed')}" errors="${counted('error')}"`;
    return [`  <testsuite name="${escapeXml(name)}" ${counts}>`, ...body, '  </testsuite>'].join('\n');
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>'].join('\n');
}

function escapeXml(text: string): string {
  return text.replace(/[<>&"'\n]/g, (character) => `&#${character.charCodeAt(0)};`);
}
