// Claude Code without its terminal, against a running gateway. It is large, so it is no dependency: say where it is in CLAUDE_CODE, or have it on the PATH.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { start } from './running.mjs';

const claude = process.env.CLAUDE_CODE ?? (spawnSync('which', ['claude']).status === 0 ? 'claude' : null);
const skip = claude ? false : 'Claude Code is not installed; set CLAUDE_CODE to its executable (npm package @anthropic-ai/claude-code).';

const ask = (baseURL, prompt) => new Promise((resolve, reject) => {
  const home = mkdtempSync(path.join(tmpdir(), 'infermux-claude-'));
  const child = spawn(claude, ['-p', prompt, '--model', 'gpt-4o-mini', '--output-format', 'json', '--max-turns', '3'], {
    cwd: home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH, HOME: home, ANTHROPIC_BASE_URL: baseURL.replace(/\/v1$/, ''), ANTHROPIC_API_KEY: 'any-key', ANTHROPIC_SMALL_FAST_MODEL: 'gpt-4o-mini',
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', IS_SANDBOX: '1',
    },
  });
  let said = '';
  let errors = '';
  child.stdout.on('data', data => { said += data; });
  child.stderr.on('data', data => { errors += data; });
  const limit = setTimeout(() => child.kill('SIGKILL'), 90_000);
  child.on('exit', code => {
    clearTimeout(limit);
    rmSync(home, { recursive: true, force: true });
    code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`Claude Code ended with ${code}: ${said}\n${errors}`));
  });
});

for (const type of ['anthropic', 'openai']) {
  test(`claude-code answers through a provider of type ${type}`, { skip, timeout: 120_000 }, async t => {
    const { baseURL, upstream } = await start(t, { type });
    await fetch(`${upstream}/_script`, { method: 'PUT', body: JSON.stringify({ answer: { text: 'Hello through the gateway.', toolCalls: 0 } }) });
    const answer = await ask(baseURL, 'Say hello.');
    assert.equal(answer.is_error, false);
    assert.match(answer.result, /Hello through the gateway/);
  });
}
