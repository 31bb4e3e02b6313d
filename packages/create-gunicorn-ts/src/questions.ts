import { cancel, isCancel, select, text } from '@clack/prompts';
import { type Template, TEMPLATES } from '@gunicorn-ts/scaffold';

/** Where the project goes; `undefined` when whoever is asked gives up. */
export async function askFolder(): Promise<string | undefined> {
  const answer = await text({ message: 'In which folder?', placeholder: 'my-app', defaultValue: 'my-app' });
  return isCancel(answer) ? givenUp() : answer;
}

/** Which kind of project it is to be. */
export async function askTemplate(): Promise<Template | undefined> {
  const options = TEMPLATES.map(({ name, title }) => ({ value: name, label: name, hint: title }));
  const answer = await select({ message: 'What is to be served?', options });
  return isCancel(answer) ? givenUp() : TEMPLATES.find(({ name }) => name === answer);
}

function givenUp(): undefined {
  cancel('Nothing was written.');
}
