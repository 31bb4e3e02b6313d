import { beforePython, findBrowser, openPage, startServer } from '@gunicorn-ts/test-kit';
import test from 'ava';
import { makeSite, PASSWORD, project } from './site.ts';

const made = beforePython(test);

test(`a browser logs in to Django's admin`, async (t) => {
  t.timeout(180_000);
  const environment = made();
  const browser = findBrowser();
  if (environment.kind === 'missing' || browser === undefined) {
    t.log(`skipped: ${environment.kind === 'missing' ? environment.reason : 'there is no Chromium'}`);
    t.pass();
    return;
  }
  const { python } = environment;
  const env = await makeSite(t, python);
  const server = await startServer(t, {
    cwd: project,
    env,
    args: ['--python', python, '--workers', '2', 'mysite.wsgi:application'],
  });
  const page = await openPage(t, browser);
  await page.open(`${server.url}/admin/`);
  t.is(await page.evaluate('document.title'), 'Log in | Django site admin');
  // The style sheets came, too.
  t.is(await page.evaluate(`getComputedStyle(document.querySelector('#header')).display`), 'flex');
  await page.evaluate(`
    document.querySelector('[name=username]').value = 'admin';
    document.querySelector('[name=password]').value = ${JSON.stringify(PASSWORD)};
    document.querySelector('#login-form').submit();`);
  await page.until(`document.title.startsWith('Site administration')`);
});
