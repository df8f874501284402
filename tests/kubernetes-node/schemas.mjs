// What the schemas say of an object: their validators know what is required and how values look, their types know which fields there are.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = path.dirname(fileURLToPath(import.meta.url));
const packages = {
  'cert-manager.io': '@kubernetes-models/cert-manager',
  'gateway.networking.k8s.io': '@kubernetes-models/gateway-api',
  'keda.sh': '@kubernetes-models/keda',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
};
const moduleOf = ({ apiVersion, kind }) => `${packages[apiVersion.split('/')[0]] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
const named = object => `${object.kind} ${object.metadata.name}`;

// One line for each object that misses something or has a value that cannot be.
export async function wrong(objects) {
  const said = [];
  for (const object of objects) {
    const Model = (await import(moduleOf(object)))[object.kind];
    try {
      new Model(object).validate();
    } catch (problem) {
      said.push(`${named(object)}: ${problem.message}`);
    }
  }
  return said;
}

// One line for each field that its type does not have: the compiler refuses it in a literal.
export function unknown(objects) {
  const dir = mkdtempSync(path.join(here, '.literals-')); // here, so that the packages are found
  try {
    const file = path.join(dir, 'objects.ts');
    writeFileSync(file, objects.map((object, n) =>
      `import type { I${object.kind} as T${n} } from ${JSON.stringify(moduleOf(object))};\nexport const o${n}: T${n} = ${JSON.stringify(object)};\n`).join(''));
    const program = ts.createProgram([file], {
      noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    });
    return ts.getPreEmitDiagnostics(program).map(problem => ts.flattenDiagnosticMessageText(problem.messageText, ' '));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
