// The matrix of docs/compatibility.md: every client against one running gateway, in front of a provider of every type. Each cell is run.
//   node matrix.mjs                 prints it; ends with 1 where a cell failed
//   node matrix.mjs --write         and writes docs/compatibility.md
//   node matrix.mjs --only TEXT     rows and columns whose name holds TEXT
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { start } from '../sdk-node/running.mjs';
import { anthropic } from './clients/anthropic.mjs';
import { aiAnthropic, aiOpenaiChat, aiOpenaiResponses } from './clients/ai-sdk.mjs';
import { langchainAnthropic, langchainOpenai } from './clients/langchain.mjs';
import { openaiChat, openaiResponses } from './clients/openai.mjs';
import { features, NotOffered } from './features.mjs';
import { dotnetRows } from './dotnet.mjs';
import { page } from './page.mjs';
import { scans } from './scans.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const only = process.argv.includes('--only') ? process.argv[process.argv.indexOf('--only') + 1] : '';

// name: [type, upstream model, more of the provider]
const upstreams = {
  openai: ['openai', 'gpt-4o-mini', ''],
  'openai (Responses)': ['openai', 'gpt-6.2-sol', 'responses_api: true'],
  azure_openai: ['azure_openai', 'gpt-4o-mini', ''],
  ollama: ['ollama', 'llama3.2', ''],
  anthropic: ['anthropic', 'claude-haiku-4-5', ''],
  gemini: ['gemini', 'gemini-3-pro', ''],
  bedrock: ['bedrock', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'aws_region: us-east-1'],
};
const clients = {
  'npm openai, chat': openaiChat,
  'npm openai, responses': openaiResponses,
  'npm @anthropic-ai/sdk': anthropic,
  'npm ai + @ai-sdk/openai, chat': aiOpenaiChat,
  'npm ai + @ai-sdk/openai, responses': aiOpenaiResponses,
  'npm ai + @ai-sdk/anthropic': aiAnthropic,
  'npm @langchain/openai': langchainOpenai,
  'npm @langchain/anthropic': langchainAnthropic,
};

const modelOf = column => column.replace(/[^a-z_]/gi, '-').toLowerCase();
const provider = (column, upstream) => {
  const [type, model, more] = upstreams[column];
  const base = type === 'openai' ? `${upstream}/v1` : upstream;
  return `  - {name: ${modelOf(column)}, type: ${type}, api_key: sk-ours, base_url: "${base}", models: [${modelOf(column)}], `
    + `model_aliases: {${modelOf(column)}: "${model}"}${more && `, ${more}`}}\n`;
};

const ends = [];
const columns = Object.keys(upstreams);
try {
  const { baseURL, upstream } = await start({ after: end => ends.push(end) }, { more: address => columns.map(column => provider(column, address)).join('') });
  const script = {
    behaves: behaviour => fetch(`${upstream}/_script`, { method: 'PUT', body: JSON.stringify(behaviour) }).then(response => {
      if (!response.ok) throw new Error(`the scripted provider does not know ${JSON.stringify(behaviour)}`);
    }),
    calm: () => fetch(`${upstream}/_script`, { method: 'DELETE' }),
    lastBody: async () => (await (await fetch(`${upstream}/_script/requests`)).json()).at(-1).body,
    sawTheEnd: async () => {
      for (const deadline = Date.now() + 8000; ;) {
        const truth = await (await fetch(`${upstream}/_script`)).json();
        if (truth.requests > 0 && truth.inFlight === 0) return;
        if (Date.now() > deadline) throw new Error('8 s after the abort the provider still sends');
        await new Promise(resolve => setTimeout(resolve, 20));
      }
    },
  };
  const rows = [];
  const run = async (row, column, make) => {
    const cells = {};
    for (const [feature, [behaviour, check]] of Object.entries(features)) {
      await script.calm();
      await script.behaves(behaviour);
      try {
        let limit;
        await Promise.race([check(make(modelOf(column)), script), new Promise((_, reject) => { limit = setTimeout(() => reject(new Error('no end within 20 s')), 20_000); })]);
        clearTimeout(limit);
        cells[feature] = { mark: '✓' };
      } catch (failed) {
        cells[feature] = { mark: failed instanceof NotOffered ? '–' : '✗', why: failed.message };
      }
    }
    rows.push({ row, column, cells });
    console.log(`${row} → ${column}: ${Object.entries(cells).map(([feature, { mark }]) => `${feature} ${mark}`).join(', ')}`);
    for (const [feature, { mark, why }] of Object.entries(cells)) if (mark === '✗') console.log(`    ${feature}: ${String(why).split('\n')[0].slice(0, 300)}`);
  };
  const chosen = (row, column) => row.includes(only) || column.includes(only);
  for (const [row, client] of Object.entries(clients)) {
    for (const column of columns) if (chosen(row, column)) await run(row, column, model => client(baseURL, model));
  }
  await dotnetRows({ baseURL, columns, modelOf, run, chosen });
  const scanned = only ? [] : await scans(baseURL, modelOf, columns, script);
  const failed = rows.flatMap(({ cells }) => Object.values(cells)).filter(({ mark }) => mark === '✗').length + scanned.filter(({ passed }) => !passed).length;
  const cells = rows.length * Object.keys(features).length;
  if (process.argv.includes('--write') && !only) writeFileSync(path.join(here, '../../docs/compatibility.md'), page({ rows, columns, upstreams, scanned }));
  console.log(`${cells} cells, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
} finally {
  for (const end of ends) end();
}
