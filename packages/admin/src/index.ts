export { Admin, type AdminOptions } from './admin.ts';
export { type AdminSockets, bindAdmin } from './address.ts';
export { answerTo, type Answer, type Question, type Source } from './answer.ts';
