// What each cell asks, whatever the client: how the provider behaves, and what must come of it.
export const picture = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
export const said = 'one two three four';
export const thought = 'let me think';
export const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };

// A client without the notion throws this; the cell then says why it is empty.
export class NotOffered extends Error {}

const assert = (holds, what) => {
  if (!holds) throw new Error(what);
};
const calls = made => {
  for (const call of made) assert(typeof call.city === 'string', `a call without its argument: ${JSON.stringify(call)}`);
  return made.length;
};

// name: [behaviour of the provider, what to do with a client, given how to look at what the provider was sent]
export const features = {
  chat: [{ answer: { text: said, toolCalls: 0 } }, async client => {
    const answer = await client.chat();
    assert(answer.text === said, `text was ${JSON.stringify(answer.text)}`);
    assert(answer.input > 0 && answer.output > 0, `usage was ${answer.input} and ${answer.output}`);
  }],
  stream: [{ answer: { text: said, toolCalls: 0 } }, async client => {
    const answer = await client.stream();
    assert(answer.text === said, `text was ${JSON.stringify(answer.text)}`);
    assert(answer.pieces > 1, 'it came in one piece');
  }],
  tools: [{ answer: { toolCalls: 1 } }, async (client, provider) => {
    const asked = await client.tools();
    assert(calls(asked.calls) === 1, `${asked.calls.length} calls`);
    await provider.behaves({ answer: { text: 'done', toolCalls: 0 } });
    const answer = await asked.answer('sunny');
    assert(answer.text === 'done', `after the result it said ${JSON.stringify(answer.text)}`);
    assert((await provider.lastBody()).includes('sunny'), 'the result did not reach the provider');
  }],
  'parallel tools': [{ answer: { toolCalls: 2 } }, async (client, provider) => {
    const asked = await client.tools({ stream: true });
    assert(calls(asked.calls) === 2, `${asked.calls.length} calls`);
    await provider.behaves({ answer: { text: 'done', toolCalls: 0 } });
    const answer = await asked.answer('sunny');
    assert(answer.text === 'done', `after the results it said ${JSON.stringify(answer.text)}`);
  }],
  'structured output': [{}, async client => {
    const value = await client.structured();
    assert(typeof value?.city === 'string', `the value was ${JSON.stringify(value)}`);
  }],
  image: [{ answer: { text: said, toolCalls: 0 } }, async (client, provider) => {
    const answer = await client.image();
    assert(answer.text === said, `text was ${JSON.stringify(answer.text)}`);
    assert((await provider.lastBody()).includes(picture), 'the image did not reach the provider');
  }],
  thinking: [{ answer: { text: said, toolCalls: 0, reasoning: thought } }, async client => {
    const answer = await client.thinking();
    assert(answer.text === said, `text was ${JSON.stringify(answer.text)}`);
    assert(answer.thought === thought, `the thought was ${JSON.stringify(answer.thought)}`);
  }],
  abort: [{ answer: { words: 400, toolCalls: 0 }, chunkInterval: '10ms' }, async (client, provider) => {
    await client.abort();
    await provider.sawTheEnd();
  }],
  error: [{ status: 400 }, async client => {
    const error = await client.error();
    assert(error.status === 400, `the client made status ${error.status} of it: ${error.message}`);
  }],
};
