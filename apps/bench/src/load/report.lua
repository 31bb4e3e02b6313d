-- For wrk: prints the figures as one line of JSON. Its own text leaves out p99.9.
-- With an argument each client pauses before a request, for up to twice so many milliseconds.
function init(args)
  local pause = tonumber(args[1])
  if pause then
    function delay() return math.random(0, 2 * pause) end
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'figures {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"p999":%d,' ..
    '"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
