import { defineConfig } from 'vitepress';
import { anchorOf } from '../../../tooling/scripts/src/checks/links.ts';
import { sideBar, SOURCE } from '../src/assemble.ts';

export default defineConfig({
  title: 'Gunicorn, in TypeScript',
  description: 'A pre-fork application server for Node.js and Python',
  srcDir: SOURCE,
  outDir: 'dist',
  cacheDir: '../../.cache/vitepress',
  cleanUrls: true,
  // Headings are linked to by the names that they have where the sources are read.
  markdown: { anchor: { slugify: anchorOf } },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/start-node' },
      { text: 'Settings', link: '/settings' },
      { text: 'Deploy', link: '/deploy-systemd' },
      { text: 'Operate', link: '/operating' },
    ],
    sidebar: sideBar(),
    outline: [2, 3],
  },
});
