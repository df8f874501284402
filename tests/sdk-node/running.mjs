// Starts the built gateway and a scripted provider as the processes that they are, on ports of their own choosing.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const built = (project, name) => {
  const file = ['Debug', 'Release'].map(c => path.join(root, project, 'bin', c, 'net10.0', name)).find(existsSync);
  if (!file) throw new Error(`${project} is not built: run dotnet build in ${root} first.`);
  return file;
};

// Resolves with the first match of `pattern` in what the process prints.
const started = (child, pattern, what) => new Promise((resolve, reject) => {
  let said = '';
  const hear = data => {
    said += data;
    const match = said.match(pattern);
    if (match) resolve(match);
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  child.on('exit', code => reject(new Error(`${what} ended with ${code} before it listened:\n${said}`)));
});

export async function start(t, { flags = [], type = 'openai', more = '' } = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'infermux-sdk-'));
  const children = [];
  t.after(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  });
  const run = (file, args) => {
    const child = spawn(file, args, { cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
    children.push(child);
    return child;
  };
  const provider = run(built('tests/Infermux.Testing', 'Infermux.Testing'), ['--port', '0', '--name', 'primary', ...flags]);
  const [, upstream] = await started(provider, /listens on (http:\/\/[^ ]+)/, 'The scripted provider');
  writeFileSync(path.join(dir, 'infermux.yml'), `
listen: 127.0.0.1:0
log: {level: warn}
cluster: {store: memory}
providers:
  - name: primary
    type: ${type}
    api_key: sk-ours
    base_url: "${type === 'openai' ? `${upstream}/v1` : upstream}"
    models: [gpt-4o-mini, text-embedding-3-small]
${typeof more === "function" ? more(upstream) : more}`);
  const gateway = run(built('src/Infermux.Gateway', 'infermux'), ['serve', '--config', 'infermux.yml']);
  const [, address] = await started(gateway, /listening\s+(http:\/\/[^\s,]+)/, 'The gateway');
  return { baseURL: `${address}/v1`, upstream };
}
