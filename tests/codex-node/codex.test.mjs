// The official coding agent, headless, against a scripted provider: it calls a tool, gets its result back, and ends its turn.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { start } from '../sdk-node/running.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const targets = {
  'a provider that speaks Responses': { more: '    responses_api: true' },
  'a provider that has chat only': {},
  'an Anthropic provider': { type: 'anthropic', more: '    model_aliases: {gpt-4o-mini: claude-haiku-4-5}' },
};

// Its home must not lie under the system's folder for temporary files: it refuses to put its helpers there.
const run = (t, baseURL, prompt) => new Promise((resolve, reject) => {
  const home = mkdtempSync(path.join(here, '.codex-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  mkdirSync(path.join(home, 'work'));
  const provider = `model_providers.infermux={name="infermux",base_url="${baseURL}",wire_api="responses",env_key="INFERMUX_KEY"}`;
  const args = ['exec', '--json', '--skip-git-repo-check', '--sandbox', 'read-only', '-m', 'gpt-4o-mini',
    '-c', 'model_provider=infermux', '-c', provider, '-c', 'web_search="disabled"', prompt];
  const child = spawn(path.join(here, 'node_modules/.bin/codex'), args, {
    cwd: path.join(home, 'work'), stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, CODEX_HOME: home, INFERMUX_KEY: 'any' },
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 90_000);
  let said = '';
  let complained = '';
  child.stdout.on('data', data => { said += data; });
  child.stderr.on('data', data => { complained += data; });
  child.on('error', reject);
  child.on('exit', code => {
    clearTimeout(limit);
    const events = said.split('\n').filter(line => line.startsWith('{')).map(line => JSON.parse(line));
    if (code === 0) resolve(events);
    else reject(new Error(`codex ended with ${code}:\n${said}\n${complained}`));
  });
});

for (const [name, setup] of Object.entries(targets)) {
  test(`codex at ${name}: a tool call, its result, and the answer`, async t => {
    const { baseURL, upstream } = await start(t, { ...setup, flags: ['--say', 'All done here'] });
    const events = await run(t, baseURL, 'say that you are done');
    const items = events.filter(event => event.type === 'item.completed').map(event => event.item);
    assert.ok(items.some(item => item.type === 'command_execution'), 'the scripted call was made');
    assert.equal(items.findLast(item => item.type === 'agent_message').text, 'All done here');
    const { usage } = events.find(event => event.type === 'turn.completed');
    assert.ok(usage.input_tokens > 0 && usage.output_tokens > 0);
    const asked = await (await fetch(`${upstream}/_script/requests`)).json();
    assert.deepEqual(asked.map(request => request.outcome), ['answered', 'answered']);
  });
}
