export { default } from './worker-class.ts';
