import { GUNICORN_SETTINGS, gunicornVerdict } from '@gunicorn-ts/config';
import { page, table } from './page.ts';

const INTRODUCTION = `
What each setting and hook of Gunicorn 27.0.1 means here, by its name in \`gunicorn.conf.py\`.

_Accepted_: it asks for what is so anyway, or has nothing to act on, and is taken without a word. _Named_: a warning says
that it has no effect, and why. _Refused_: its flag ends the start, with what to write instead; in a file a warning says so.
`;

export function renderGunicornSettingsPage(): string {
  const sections = Object.entries(GUNICORN_SETTINGS).flatMap(([section, settings]) => {
    const rows = settings.map(({ name, flags }) => {
      const { verdict, note } = gunicornVerdict(name);
      return [`\`${name}\``, flags.map((flag) => `\`${flag}\``).join(', '), verdict, note];
    });
    return [`## ${section}`, table(['setting', 'flags', 'here', ''], rows)];
  });
  return page("Gunicorn's settings", INTRODUCTION.trim(), ...sections);
}
