import test from 'ava';
import { defaultSettings } from '../../../config/test/unit/default-settings.ts';
import { httpTransport, transportOf } from '../../src/transport-setting.ts';

test('httpTransport is "auto" or "stream", and nothing else', (t) => {
  t.is(httpTransport.parse('auto'), 'auto');
  t.is(httpTransport.parse('stream'), 'stream');
  t.throws(() => httpTransport.parse('descriptor'), {
    message: 'must be "auto" or "stream", not "descriptor"',
  });
});

test('without the setting it is "auto"', (t) => {
  t.is(transportOf(defaultSettings()), 'auto');
  t.is(transportOf({ ...defaultSettings(), httpTransport: 'stream' } as never), 'stream');
});
