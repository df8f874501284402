// The rows of .NET clients: a process of their own that is asked for one thing after another, a line of JSON each.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { built } from '../sdk-node/running.mjs';
import { NotOffered } from './features.mjs';

export const dotnetRows = async ({ baseURL, columns, run, chosen }) => {
  const child = spawn(built('tests/Infermux.Compatibility', 'Infermux.Compatibility'), [baseURL], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async question => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the process of the .NET clients ended');
    const said = JSON.parse(value);
    if (said.notOffered) throw new NotOffered(said.notOffered);
    if (said.failed) throw new Error(said.failed);
    return said;
  };
  try {
    for (const row of (await ask({ ask: 'clients' })).clients) {
      const client = model => {
        const of = (what, more) => ask({ client: row, model, ask: what, ...more });
        return {
          ...Object.fromEntries(['chat', 'stream', 'image', 'thinking', 'abort', 'error'].map(what => [what, () => of(what)])),
          structured: async () => JSON.parse((await of('structured')).text),
          tools: async ({ stream = false } = {}) => ({
            calls: (await of('tools', { stream })).calls.map(call => JSON.parse(call)),
            answer: result => of('result', { result }),
          }),
        };
      };
      for (const column of columns) if (chosen(row, column)) await run(row, column, client);
    }
  } finally {
    child.stdin.end();
  }
};
