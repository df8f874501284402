// Renders an overlay with components as a user's own overlay would name them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAll } from 'js-yaml';

const deploy = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../deploy/k8s');

export function render(overlay, ...components) {
  const dir = mkdtempSync(path.join(tmpdir(), 'infermux-overlay-'));
  const ours = name => path.relative(dir, path.join(deploy, name));
  try {
    writeFileSync(path.join(dir, 'kustomization.yaml'), JSON.stringify({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [ours(`overlays/${overlay}`)],
      components: components.map(name => ours(`components/${name}`)),
    }));
    return loadAll(execFileSync('kubectl', ['kustomize', dir], { encoding: 'utf8' }));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
