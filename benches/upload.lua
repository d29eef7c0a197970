-- wrk script: uploads the certificate of a random partner. Environment: TOKEN,
-- BODIES (a file with one request body per line).
local headers = {
  ["Cookie"] = "Authorization=" .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}
local bodies = {}
local thread_count = 0
local failed = 0
local threads = {}

function setup(thread)
  thread:set("id", thread_count)
  thread_count = thread_count + 1
  table.insert(threads, thread)
end

function init()
  math.randomseed(os.time() * 10 + id)
  for line in io.lines(os.getenv("BODIES")) do table.insert(bodies, line) end
end

function request()
  return wrk.format("POST", "/v1/partnermanager/partners/certificate/upload", headers, bodies[math.random(#bodies)])
end

-- A business error is HTTP 200, so the body decides.
function response(status, _, body)
  if status ~= 200 or not body:find('"errors":%[%]') then failed = failed + 1 end
  wrk.thread:set("failed", failed)
end

function done(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do bad = bad + (thread:get("failed") or 0) end
  io.write(string.format("RESULT %.1f %.1f %.1f %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
