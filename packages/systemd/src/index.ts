export { createNotifier, type NotifierOptions } from './notify/notifier.ts';
export { type NotifyEnvironment, takeNotifyEnvironment } from './notify/notify-environment.ts';
export { parseUnit } from './unit/parse-unit.ts';
export { splitUnitWords } from './unit/split-words.ts';
export { unitProgram, unitText, unitWord, unitWords, type WordOptions } from './unit/unit-word.ts';
export { valuesOf, type Unit, type UnitEntry, type UnitSection } from './unit/unit.ts';
export { writeUnit } from './unit/write-unit.ts';
