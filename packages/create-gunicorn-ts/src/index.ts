export { type CreateIo, main } from './main.ts';
