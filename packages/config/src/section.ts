import { SETTING_SECTIONS, type SettingDefinition } from '@gunicorn-ts/interface';

/** Settings under one heading. */
export interface Section {
  readonly section: string;
  readonly members: readonly SettingDefinition[];
}

/** Settings by heading: ours in their order, then those of others in the order in which they come. None is empty. */
export function sectionsOf(definitions: readonly SettingDefinition[]): readonly Section[] {
  const headings = new Set<string>([...SETTING_SECTIONS, ...definitions.map(({ section }) => section)]);
  return [...headings].flatMap((section) => {
    const members = definitions.filter((definition) => definition.section === section);
    return members.length === 0 ? [] : [{ section, members }];
  });
}
