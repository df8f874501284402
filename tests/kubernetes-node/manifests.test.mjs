import assert from 'node:assert/strict';
import test from 'node:test';
import { render } from './rendering.mjs';
import { unknown, wrong } from './schemas.mjs';

const components = ['monitoring', 'keda', 'gateway-api', 'tls'];
const renderings = [['all-in-one'], ['split'], ['dev'], ...['all-in-one', 'split'].flatMap(overlay => components.map(component => [overlay, component]))];
// Each object once: most are the same in many renderings.
const objects = [...new Map(renderings.flatMap(names => render(...names)).map(object => [JSON.stringify(object), object])).values()];

test('every overlay and component renders objects that the schemas accept', async () => {
  assert.ok(objects.length > 20);
  assert.deepEqual(await wrong(objects), []);
});

test('no object has a field that its type does not know', () => assert.deepEqual(unknown(objects), []));

test('every kind of custom resource is among them', () => {
  const kinds = objects.map(object => object.kind);
  for (const kind of ['Certificate', 'HTTPRoute', 'PrometheusRule', 'ScaledObject', 'ServiceMonitor']) assert.ok(kinds.includes(kind), kind);
});

test('a missing field, a wrong value and a misspelt field are found', async () => {
  const route = objects.find(object => object.kind === 'HTTPRoute');
  const scaled = objects.find(object => object.kind === 'ScaledObject');
  assert.match((await wrong([{ ...scaled, spec: { ...scaled.spec, triggers: undefined } }])).join(), /ScaledObject infermux: .*triggers/);
  assert.match((await wrong([{ ...route, spec: { ...route.spec, rules: [{ timeouts: { request: 'none' } }] } }])).join(), /HTTPRoute infermux: .*request/);
  assert.match(unknown([{ ...route, spec: { ...route.spec, hostname: 'x' } }]).join(), /"hostname"/);
});
