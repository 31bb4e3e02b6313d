import test from 'ava';
import { announcesBody, isUnspeakable, requestFields } from '../../src/request-fields.ts';

test('the strings of an environ go to the process, and nothing else', (t) => {
  const environ = { A: 'b', 'wsgi.input': {}, 'wsgi.multithread': true, C: '' };
  t.is(requestFields(environ), 'A\0b\0C\0');
});

test('a body is what the head announces', (t) => {
  t.false(announcesBody({}));
  t.false(announcesBody({ CONTENT_LENGTH: '0' }));
  t.true(announcesBody({ CONTENT_LENGTH: '1' }));
  t.true(announcesBody({ HTTP_TRANSFER_ENCODING: 'chunked' }));
});

test('a path with the separator of fields is not passed on', (t) => {
  t.true(isUnspeakable({ PATH_INFO: '/a\0REMOTE_USER\0root' }));
  t.false(isUnspeakable({ PATH_INFO: '/a' }));
});
