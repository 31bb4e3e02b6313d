import test from 'ava';
import { summaryOf, toSite } from '../../src/markdown.ts';

const destinations = { pages: new Map([['docs/http.md', '/http']]), sources: undefined };
const turned = (text: string): string => toSite(text, 'docs/settings.md', destinations);

test('links lead to pages of the site, words with code in them too', (t) => {
  t.is(turned('See [HTTP](http.md) and [`http`](http.md#a).'), 'See [HTTP](/http) and [`http`](/http#a).');
});

test('a link to what is no page leaves its words', (t) => {
  t.is(turned('in [loop.ts](../packages/arbiter/src/loop.ts)'), 'in loop.ts');
});

test('code and pictures are left alone', (t) => {
  const text = '![a](drawings/a.svg) `[x](http.md)`\n\n```md\n[x](http.md)\n```\n';
  t.is(turned(text), text);
});

test('a summary is the heading and the first sentence below it', (t) => {
  t.deepEqual(summaryOf('# Title\n\nOne\nline. And more.\n'), { title: 'Title', sentence: 'One line.' });
  t.deepEqual(summaryOf('<!-- made -->\n\n# Title\n\nNo stop\n\nMore.'), {
    title: 'Title',
    sentence: 'No stop',
  });
});
