import type {
  HookName,
  Hooks,
  SettingDefinition,
  SettingKey,
  SettingSection,
  Settings,
} from '@gunicorn-ts/interface';

/** A setting's record as it is written down; key and section are said by where it stands. */
type Record<T> = Omit<SettingDefinition<T>, 'key' | 'section'>;

/** The records of some of the built-in settings, each with the type that `Settings` gives its key. */
export type Definitions<K extends SettingKey> = { readonly [P in K]: SettingDefinition<Settings[P]> };

/** The records of the hooks. */
export type HookDefinitions = { readonly [H in HookName]: SettingDefinition<Hooks[H]> };

/** Makes the definitions of one section from their records. */
export function defineSection<K extends SettingKey>(
  section: SettingSection,
  records: { readonly [P in K]: Record<Settings[P]> },
): Definitions<K> {
  const named = Object.entries(records).map(([key, record]) => [
    key,
    { ...(record as object), key, section },
  ]);
  return Object.fromEntries(named) as Definitions<K>;
}

/** The default of a setting in words: `none`, `30`, `` `info` ``. */
export function describeDefault(definition: SettingDefinition): string {
  if (definition.defaultText !== undefined) return definition.defaultText;
  const value =
    typeof definition.default === 'function' ? (definition.default as () => unknown)() : definition.default;
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'none';
  if (Array.isArray(value)) return value.map((item) => `\`${String(item)}\``).join(', ');
  return typeof value === 'string' ? `\`${value}\`` : String(value);
}
