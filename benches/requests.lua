-- wrk script. Environment: TOKEN, KIND (policy, partner, create, mixed).
local kind = os.getenv("KIND")
local run = os.getenv("RUN") or "0"
local day = os.date("!%Y-%m-%d")
local headers = {
  ["Cookie"] = "Authorization=" .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}
local thread_count = 0
local counter = 0
local failed = 0

function setup(thread)
  thread:set("id", thread_count)
  thread_count = thread_count + 1
end

function init()
  math.randomseed(os.time() * 10 + id)
end

local function policy()
  local partner = math.random(0, 99999)
  return wrk.format("GET", "/v1/policymanager/policies/bp" .. partner % 10000 .. "/partner/bt" .. partner, headers)
end

local function partner()
  return wrk.format("GET", "/v1/partnermanager/partners/bt" .. math.random(0, 99999), headers)
end

local function create()
  counter = counter + 1
  local name = run .. "-" .. id .. "-" .. counter
  local body = '{"id":"bench","version":"1.0","requesttime":"' .. day .. 'T00:00:00.000Z","request":{' ..
    '"name":"new ' .. name .. '","desc":"bench","policyGroupName":"bench group ' .. math.random(0, 999) ..
    '","policyType":"Auth","version":"1","policies":{"authTokenType":"policy",' ..
    '"allowedAuthTypes":[{"authType":"otp","mandatory":true}],"allowedKycAttributes":[{"attributeName":"fullName"}]}}}'
  return wrk.format("POST", "/v1/policymanager/policies", headers, body)
end

function request()
  if kind == "policy" then return policy() end
  if kind == "partner" then return partner() end
  if kind == "create" then return create() end
  local dice = math.random(100)
  if dice <= 60 then return policy() end
  if dice <= 95 then return partner() end
  return create()
end

-- A business error is HTTP 200, so the body decides.
function response(status, _, body)
  if status ~= 200 or not body:find('"errors":%[%]') then failed = failed + 1 end
  wrk.thread:set("failed", failed)
end

local threads = {}
local base_setup = setup
function setup(thread)
  base_setup(thread)
  table.insert(threads, thread)
end

function done(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do bad = bad + (thread:get("failed") or 0) end
  io.write(string.format("RESULT %.0f %.2f %.2f %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
