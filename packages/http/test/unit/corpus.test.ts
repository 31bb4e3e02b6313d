import test from 'ava';
import { HttpRules, REFUSALS } from '../../src/index.ts';
import { type CorpusCase, readCorpus } from '../corpus/corpus-case.ts';
import { type Transcript, randomly, seededRandom, singly, transcribe } from '../corpus/transcript.ts';

const RANDOM_CUTS = 8;

const accepted = readCorpus('accepted');
const refused = readCorpus('refused');

for (const sample of accepted) {
  test(`accepted/${sample.name}: ${sample.shows}`, (t) => {
    for (const transcript of feedings(sample)) {
      t.is(transcript.error, undefined);
      t.is(transcript.requests.length, sample.requests.length);
      for (const [index, expected] of sample.requests.entries()) {
        t.like(transcript.requests[index], { complete: true, ...expected });
        t.deepEqual(transcript.requests[index]?.['headers'], expected['headers']);
        t.deepEqual(transcript.requests[index]?.['trailers'], expected['trailers'] ?? []);
      }
      if (sample.proxy === undefined) t.is(transcript.proxy, undefined);
      else t.deepEqual(JSON.parse(JSON.stringify(transcript.proxy)), sample.proxy);
    }
  });
}

for (const sample of refused) {
  test(`refused/${sample.name}: ${sample.shows}`, (t) => {
    for (const transcript of feedings(sample)) t.deepEqual(transcript.error, sample.refused);
  });
}

test('the corpus is as large as it should be, and shows every refusal there is', (t) => {
  t.true(accepted.length >= 60);
  t.true(refused.length >= 100);
  const shown = new Set(refused.map((sample) => sample.refused?.code));
  t.deepEqual(
    // Of what no setting of the server brings about, the test of the parser's limits tells.
    Object.keys(REFUSALS).filter((code) => !shown.has(code)),
    ['head-too-long'],
  );
});

/** The case fed whole, byte by byte, and in random cuts. */
function* feedings(sample: CorpusCase): Generator<Transcript> {
  const rules = new HttpRules(sample.policy);
  const connection = { address: sample.peer, secure: false };
  yield transcribe([sample.bytes], rules, connection);
  yield transcribe(singly(sample.bytes), rules, connection);
  const random = seededRandom(sample.bytes.length);
  for (let i = 0; i < RANDOM_CUTS; i++) yield transcribe(randomly(sample.bytes, random), rules, connection);
}
