export { committedFiles, members, read, ROOT, type Manifest, type Member } from './workspace.ts';
