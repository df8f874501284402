import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { start } from './running.mjs';

const models = ['gpt-image-1', 'tts-1', 'gpt-4o-mini-tts', 'whisper-1', 'gpt-4o-transcribe', 'omni-moderation-latest'];
const listed = { more: `    model_aliases: {${models.map(model => `${model}: ${model}`).join(', ')}}\n` };
const client = baseURL => new OpenAI({ baseURL, apiKey: 'any-key', maxRetries: 0 });
const sound = () => toFile(new Uint8Array(24_000).map((_, at) => at), 'meeting.mp3');

test('images: generated whole and streamed, edited with a file', async t => {
  const { baseURL } = await start(t, listed);
  const whole = await client(baseURL).images.generate({ model: 'gpt-image-1', prompt: 'a fox', n: 2 });
  assert.deepEqual(whole.data.map(image => atob(image.b64_json)), ['image 0', 'image 1']);
  assert.ok(whole.usage.output_tokens > 0);

  const events = [];
  for await (const event of await client(baseURL).images.generate({ model: 'gpt-image-1', prompt: 'a fox', stream: true, partial_images: 1 })) {
    events.push(event.type);
  }
  assert.deepEqual(events, ['image_generation.partial_image', 'image_generation.completed']);

  const edited = await client(baseURL).images.edit({ model: 'gpt-image-1', prompt: 'a hat', image: [await toFile(new Uint8Array(99), 'a.png')] });
  assert.equal(edited.data.length, 1);
});

test('speech: bytes with their type and their price, or events', async t => {
  const { baseURL } = await start(t, listed);
  const answer = await client(baseURL).audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hello', response_format: 'wav' });
  assert.equal(answer.headers.get('content-type'), 'audio/wav');
  assert.equal((await answer.arrayBuffer()).byteLength, 500);

  const streamed = await client(baseURL).audio.speech.create({ model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'hello', stream_format: 'sse' });
  const text = await streamed.text();
  assert.match(text, /speech\.audio\.delta/);
  assert.match(text, /speech\.audio\.done/);
});

test('transcriptions and translations: JSON, text and a stream', async t => {
  const { baseURL } = await start(t, { ...listed, flags: ['--say', 'one two three'] });
  const whisper = await client(baseURL).audio.transcriptions.create({ model: 'whisper-1', file: await sound() });
  assert.equal(whisper.text, 'one two three');
  assert.deepEqual(whisper.usage, { type: 'duration', seconds: 12 });
  assert.equal(await client(baseURL).audio.transcriptions.create({ model: 'whisper-1', file: await sound(), response_format: 'text' }), 'one two three\n');
  assert.equal((await client(baseURL).audio.translations.create({ model: 'whisper-1', file: await sound() })).text, 'one two three');

  let text = '';
  let last;
  for await (const event of await client(baseURL).audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: await sound(), stream: true })) {
    text += event.delta ?? '';
    last = event;
  }
  assert.equal(text, 'one two three');
  assert.equal(last.type, 'transcript.text.done');
  assert.equal(last.usage.type, 'tokens');
});

test('moderations: judged, without a model too', async t => {
  const { baseURL } = await start(t, listed);
  assert.equal((await client(baseURL).moderations.create({ model: 'omni-moderation-latest', input: 'do no harm' })).results[0].flagged, true);
  const answer = await client(baseURL).moderations.create({ input: 'hello' });
  assert.deepEqual([answer.results[0].flagged, answer.model], [false, 'omni-moderation-latest']);
});

test('a path that no provider has is refused in the SDK\'s own words', async t => {
  const { baseURL } = await start(t, { ...listed, type: 'anthropic' });
  await assert.rejects(
    client(baseURL).images.generate({ model: 'gpt-image-1', prompt: 'a fox' }),
    error => error instanceof OpenAI.BadRequestError && error.code === 'unsupported' && /azure_openai/.test(error.message));
});
