import test from 'ava';
import { renderProblem } from '../../src/problem-text.ts';
import { builtinDefinitions } from '../../src/registry.ts';
import { explainUnknownKey } from '../../src/unknown-name.ts';

const cases: [key: string, problem: RegExp][] = [
  ['max_requests', /^max_requests is Gunicorn's name; write maxRequests$/],
  ['wsgi_app', /^wsgi_app is Gunicorn's name; write app$/],
  ['on_starting', /^on_starting is Gunicorn's name; write onStarting$/],
  ['workres', /^workres is not a setting; did you mean workers\?$/],
  ['keepAlive', /^keepAlive is the name of a flag; write keepalive$/],
  ['preload', /^preload is the name of a flag; write preloadApp$/],
  [
    'threads',
    /^threads is a setting of Gunicorn that does not exist here: .*@gunicorn-ts\/python; npm install @gunicorn-ts\/python;/,
  ],
  [
    'uwsgiAllowIps',
    /^uwsgiAllowIps is a setting of Gunicorn that does not exist here: the uwsgi protocol is not understood/,
  ],
  ['logConfig', /^logConfig is a setting of Gunicorn .*@gunicorn-ts\/python/],
  ['noSendfile', /^noSendfile is a setting of Gunicorn .*sends its files itself/],
  ['colour', /^colour is not a setting; remove it/],
  ['constructor', /^constructor is not a setting/],
];

for (const [key, problem] of cases) {
  test(`${key} is explained`, (t) => {
    t.regex(renderProblem(explainUnknownKey(key, builtinDefinitions)), problem);
  });
}
