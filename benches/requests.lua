-- wrk script. Environment: TOKEN, PARTNERS (how many there are) and KIND: policy,
-- unchanged (with TAG, the tag of one policy), partner, create, list, search, mixed.
local kind = os.getenv("KIND")
local run = os.getenv("RUN") or "0"
local partners = tonumber(os.getenv("PARTNERS"))
local day = os.date("!%Y-%m-%d")
local headers = {
  ["Cookie"] = "Authorization=" .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}
local thread_count = 0
local counter = 0
local failed = 0

local threads = {}
function setup(thread)
  thread:set("id", thread_count)
  thread_count = thread_count + 1
  table.insert(threads, thread)
end

function init()
  math.randomseed(os.time() * 10 + id)
end

local function policy()
  local partner = math.random(0, partners - 1)
  return wrk.format("GET", "/v1/policymanager/policies/bp" .. partner % 10000 .. "/partner/bt" .. partner, headers)
end

local conditional = {
  ["Cookie"] = headers["Cookie"],
  ["If-None-Match"] = os.getenv("TAG"),
}
local function unchanged()
  return wrk.format("GET", "/v1/policymanager/policies/bp1/partner/bt1", conditional)
end

local function partner()
  return wrk.format("GET", "/v1/partnermanager/partners/bt" .. math.random(0, partners - 1), headers)
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

-- One of the first 125 pages.
local function list()
  return wrk.format("GET", "/v1/partnermanager/admin-partners?pageSize=8&pageNo=" .. math.random(0, 124), headers)
end

local function search()
  local body = '{"id":"","version":"1.0","request":{"partnerType":"all","filters":[{"columnName":"name",' ..
    '"type":"equals","value":"Bench partner ' .. math.random(0, partners - 1) ..
    '"}],"sort":[],"pagination":{"pageStart":0,"pageFetch":10}}}'
  return wrk.format("POST", "/v1/partnermanager/partners/search", headers, body)
end

local kinds = {
  policy = policy, unchanged = unchanged, partner = partner, create = create, list = list, search = search,
}

function request()
  local asked = kinds[kind]
  if asked then return asked() end
  local dice = math.random(100)
  if dice <= 60 then return policy() end
  if dice <= 95 then return partner() end
  return create()
end

-- A business error is HTTP 200, so the body decides.
function response(status, _, body)
  local good = status == 200 and body:find('"errors":%[%]')
  if kind == "unchanged" then good = status == 304 end
  if not good then failed = failed + 1 end
  wrk.thread:set("failed", failed)
end

function done(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do bad = bad + (thread:get("failed") or 0) end
  -- wrk counts answers of 400 and more by itself; those of 304 it doesn't.
  io.write(string.format("RESULT %.0f %.2f %.2f %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
