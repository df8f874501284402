// docs/compatibility.md, from what was run.
import { features } from './features.mjs';

const names = Object.keys(features);
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');

export const page = ({ rows, columns, upstreams, scanned }) => {
  const notes = new Map();
  const note = why => {
    if (!notes.has(why)) notes.set(why, notes.size + 1);
    return `<sup>${notes.get(why)}</sup>`;
  };
  const sections = [...new Set(rows.map(({ row }) => row))].map(client => {
    const of = rows.filter(({ row }) => row === client);
    return `### ${client}\n\n${table(['provider', ...names], of.map(({ column, cells }) =>
      [column, ...names.map(name => cells[name].why ? `${cells[name].mark} ${note(cells[name].why.split('\n')[0])}` : cells[name].mark)]))}`;
  });
  return `# Compatibility

Official and common clients with nothing but their base URL set, against one gateway in front of a scripted provider of every type. Written by
\`npm run matrix --prefix tests/compatibility -- --write\` (after \`dotnet build Infermux.sln\` and \`npm ci --prefix tests/compatibility\`); every cell was run.

✓ works · ✗ does not · – the client has no such notion

${table(['provider', 'type', 'model'], columns.map(column => [column, `\`${upstreams[column][0]}\``, `\`${upstreams[column][1]}\``]))}

What a cell asks: **chat** a whole text and its usage; **stream** the text in pieces; **tools** one call, its result back, the answer; **parallel tools** two calls
in one streamed answer, both results back; **structured output** a JSON schema; **image** inline bytes that reach the provider unchanged; **thinking** the provider's
reasoning where the client shows it; **abort** the caller leaves in the middle of a stream and the provider's end is seen; **error** the provider's 400 as the
client's own.

## Clients

${sections.join('\n\n')}

${[...notes].map(([why, n]) => `<sup>${n}</sup> ${why}  `).join('\n')}

## compatcanary

${table(['profile', ...columns], ['chat', 'modern'].map(profile =>
    [profile, ...columns.map(column => {
      const one = scanned.find(result => result.profile === profile && result.column === column);
      return one.passed ? '✓' : `✗ ${one.failed.join(', ')}`;
    })]))}
`;
};
