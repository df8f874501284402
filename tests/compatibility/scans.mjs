// compatcanary, a scanner of OpenAI-shaped interfaces, in both of its profiles.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const scanner = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules/.bin/compatcanary');

const scan = (baseURL, model, profile) => new Promise((resolve, reject) => {
  const child = spawn(scanner, ['scan', '--base-url', baseURL, '--model', model, '--profile', profile, '--api-key', 'any-key', '--format', 'json', '--fail-on', 'any'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', data => { said += data; });
  child.on('error', reject);
  child.on('exit', code => {
    try {
      resolve({ report: JSON.parse(said), code });
    } catch (unreadable) {
      reject(new Error(`compatcanary said no JSON: ${said.slice(0, 300)}`, { cause: unreadable }));
    }
  });
});

export const scans = async (baseURL, modelOf, columns, script) => {
  const results = [];
  for (const profile of ['chat', 'modern']) {
    for (const column of columns) {
      await script.calm();
      const { report, code } = await scan(baseURL, modelOf(column), profile);
      const failed = (report.results ?? report.checks ?? []).filter(({ status }) => status === 'fail').map(({ id, name }) => id ?? name);
      results.push({ profile, column, passed: code === 0, failed });
      console.log(`compatcanary ${profile} → ${column}: ${code === 0 ? 'passed' : `failed: ${failed.join(', ')}`}`);
    }
  }
  return results;
};
