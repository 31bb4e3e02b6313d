import test from 'ava';
import { play } from '../oracle/story.ts';
import { STORIES } from '../oracle/stories.ts';
import { engineServer, nodeServer, TRANSPORTS } from '../makers.ts';

const NODE = Number.parseInt(process.versions.node, 10);

for (const transport of TRANSPORTS) {
  for (const story of STORIES) {
    test(`${transport}: ${story.title}`, async (t) => {
      const [node, ours] = await Promise.all([
        play(t, nodeServer, story),
        play(t, engineServer(transport), story),
      ]);
      const isGone = story.differsBefore !== undefined && NODE >= story.differsBefore;
      const differs =
        !isGone && story.differs !== undefined && (story.differsWith ?? transport) === transport;
      if (!differs) t.deepEqual(ours, node);
      else t.notDeepEqual(ours, node, 'the difference is gone');
    });
  }
}
