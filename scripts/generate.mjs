// Writes what is made from other files: the parser's tables from the grammar, the JSON Schema from the host model, the
// reference of diagnostics from the table of rules.
//
//   node scripts/generate.mjs            writes them where they belong
//   node scripts/generate.mjs FOLDER     writes them below FOLDER, for the test that they are fresh
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';
import { tsImport } from 'tsx/esm/api';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = process.argv[2] ? resolve(process.argv[2]) : root;

generateParser();
write('docs/schema/host-model.schema.json', hostModelSchema());
write('docs/diagnostics.md', await diagnosticsReference());

function generateParser() {
  // The generator writes beside its configuration.
  for (const file of ['langium-config.json', 'src/language/hvhost.langium']) {
    if (target !== root) cpSync(join(root, file), join(target, file));
  }
  // langium-cli 4.4 calls Object.groupBy, which Node 20 does not have.
  const polyfill = `data:text/javascript,${encodeURIComponent(`
    Object.groupBy ??= (items, keyOf) => {
      const groups = {};
      for (const item of items) (groups[keyOf(item)] ??= []).push(item);
      return groups;
    };
  `)}`;
  const cli = fileURLToPath(new URL('../bin/langium.js', import.meta.resolve('langium-cli')));
  const config = join(target, 'langium-config.json');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', polyfill, cli, 'generate', '--file', config],
    { cwd: root, encoding: 'utf8' },
  );
  // Statements stand in any order and at most once; that they do is checked by rule HV103, not by the grammar.
  const complaints = stderr.split('\n').filter((line) => line && !line.includes('Found multiple assignments'));
  if (status === 0 && complaints.length === 0) return;
  throw new Error([stdout, ...complaints].join('\n'));
}

function hostModelSchema() {
  const schema = createGenerator({
    path: join(root, 'src/model/host-model.ts'),
    tsconfig: join(root, 'src/model/tsconfig.json'),
    type: 'HostModel',
    additionalProperties: false,
    skipTypeCheck: true,
  }).createSchema('HostModel');
  return `${JSON.stringify(schema, null, 2)}\n`;
}

async function diagnosticsReference() {
  const { RULES } = await tsImport('../src/language/validation/rules.ts', import.meta.url);
  const groups = {
    HV0: 'Text',
    HV1: 'Names and imports',
    HV2: 'Dimensions and ranges',
    HV3: 'Devices and kinds',
    HV4: 'Admission',
    HV5: 'Published limits and best practices',
    HV6: 'Work and scenarios',
  };
  const lines = [
    '# Diagnostics',
    '',
    'What the editor and `hvhost check` report, by code. The codes are stable. This page is generated from',
    '`src/language/validation/rules.ts` by `npm run generate`.',
  ];
  for (const [prefix, title] of Object.entries(groups)) {
    lines.push('', `## ${title}`);
    for (const [code, rule] of Object.entries(RULES).filter(([each]) => each.startsWith(prefix))) {
      lines.push('', `### ${code}`, '', `**${rule.title}** (${rule.severity})`, '', rule.why, '');
      lines.push(`What to do: ${rule.remedy}`);
      if (rule.source) lines.push('', `Source: ${rule.source}.`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function write(path, text) {
  const file = join(target, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
