-- wrk script. Environment: TOKEN, KIND (read, search, register), SET (plain, ours, foreign), ROWS.
local kind = os.getenv("KIND")
local set = os.getenv("SET") or "plain"
local rows = tonumber(os.getenv("ROWS") or "100000")
local run = os.getenv("RUN") or "0"
local day = os.date("!%Y-%m-%d")
local headers = {
  ["Cookie"] = "Authorization=" .. os.getenv("TOKEN"),
  ["Content-Type"] = "application/json",
}
local types = { plain = "Auth_Partner", ours = "Credential_Partner", foreign = "Device_Provider" }
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

local function envelope(request)
  return '{"id":"bench","version":"1.0","requesttime":"' .. day .. 'T00:00:00.000Z","request":' .. request .. '}'
end

local function read()
  local path = "/v1/partnermanager/partners/" .. set .. math.random(0, rows - 1)
  return wrk.format("GET", path, headers)
end

local function search()
  -- Few rows, so that the page is measured and not the count of all.
  local begin = set .. math.random(math.floor(rows / 100), math.floor(rows / 10) - 1)
  local request = '{"partnerType":"' .. types[set] .. '","filters":[{"columnName":"id","type":"startsWith",' ..
    '"value":"' .. begin .. '"}],"sort":[],"pagination":{"pageStart":0,"pageFetch":10}}'
  return wrk.format("POST", "/v1/partnermanager/partners/search", headers, envelope(request))
end

local function register()
  counter = counter + 1
  local name = "new-" .. run .. "-" .. id .. "-" .. counter
  local request = '{"partnerId":"' .. name .. '","organizationName":"' .. name .. '","address":"1 Main Street",' ..
    '"contactNumber":"7001","emailId":"' .. name .. '@example.org","partnerType":"FTM_Provider"}'
  return wrk.format("POST", "/v1/partnermanager/partners", headers, envelope(request))
end

function request()
  if kind == "read" then return read() end
  if kind == "search" then return search() end
  return register()
end

-- A business error is HTTP 200, and a column that could not be opened is still there: the body decides.
function response(status, _, body)
  if status ~= 200 or not body:find('"errors":%[%]') or body:find("VkVSX1Iy") then failed = failed + 1 end
  wrk.thread:set("failed", failed)
end

function done(summary, latency)
  local bad = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  for _, thread in ipairs(threads) do bad = bad + (thread:get("failed") or 0) end
  io.write(string.format("RESULT %.0f %.2f %.2f %d\n",
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
