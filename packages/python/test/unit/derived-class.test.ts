import test from 'ava';
import { derivedIn } from '../../src/asgi/derived-class.ts';

test('a class that is derived from one of ASGI is known by its source', (t) => {
  const source = `from uvicorn.workers import UvicornWorker as Base
import uvicorn_worker

class First(Base):
    """One."""
    CONFIG_KWARGS = {"lifespan": "off", "root_path": '/api', "ws_ping_interval": None}

class Second(First):
    CONFIG_KWARGS: dict = {**First.CONFIG_KWARGS, "loop": "asyncio", "lifespan": "on",
        "timeout_keep_alive": 315, "headers": make(), "http": "h11"}

class Third(uvicorn_worker.UvicornH11Worker):
    pass

class Other(SomethingElse):
    pass
`;
  t.deepEqual(derivedIn(source, 'First'), {
    base: 'uvicorn.workers.UvicornWorker',
    settings: { asgiLifespan: 'off', rootPath: '/api', websocketPing: 0 },
    unknown: [],
  });
  t.deepEqual(derivedIn(source, 'Second'), {
    base: 'uvicorn.workers.UvicornWorker',
    settings: { asgiLoop: 'asyncio', asgiLifespan: 'on', keepalive: 315, rootPath: '/api', websocketPing: 0 },
    unknown: ['headers'],
  });
  t.deepEqual(derivedIn(source, 'Third'), {
    base: 'uvicorn.workers.UvicornH11Worker',
    settings: {},
    unknown: [],
  });
  t.is(derivedIn(source, 'Other'), undefined);
  t.is(derivedIn(source, 'Missing'), undefined);
});
