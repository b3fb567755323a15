-- What wrk asks, by its first argument: post (a new call each time), list, lookup, live.
--
-- wrk -s test/bench/rest.lua URL -- WHAT COMPANY TOKEN
-- Standard error gets the figures: requests a second, p50 and p99 in milliseconds, answers that were not 2xx.

local threads = {}

function setup(thread)
  thread:set("number", #threads + 1)
  table.insert(threads, thread)
end

function init(args)
  what, company, token = args[1], args[2], args[3]
  count = 0
  math.randomseed(os.time() + number)
  mark = tostring(os.time()) .. "_" .. tostring(number) .. "_" .. string.gsub(tostring({}), "%W", "")
  headers = { ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json" }
  if what == "list" then
    fixed = wrk.format("GET", "/api/admin/call-history/" .. company .. "?limit=50", headers)
  elseif what == "live" then
    fixed = wrk.format("GET", "/healthz", headers)
  end
end

function request()
  if fixed then
    return fixed
  end
  count = count + 1
  local phone = "+1305555" .. tostring(math.random(1000, 9999))
  if what == "lookup" then
    return wrk.format("GET", "/api/admin/customers/" .. company .. "/lookup/%2B" .. string.sub(phone, 2), headers)
  end
  local body = '{"callId":"call_' .. mark .. "_" .. count .. '","caller":{"phone":"' .. phone
    .. '","name":"Maria Lopez"},"startedAt":"2025-12-01T14:30:00Z","endedAt":"2025-12-01T14:33:24Z",'
    .. '"analysis":{"primaryIntent":"repair","intentConfidence":0.92,"routingTier":2},'
    .. '"captured":{"problemDescription":"the heater makes a noise"},'
    .. '"outcome":{"status":"completed","result":"booked"},"transcript":['
    .. '{"speaker":"agent","text":"how can I help?","timestamp":"2025-12-01T14:30:02Z","turnNumber":1},'
    .. '{"speaker":"caller","text":"my heater makes a noise","timestamp":"2025-12-01T14:30:05Z","turnNumber":2}]}'
  return wrk.format("POST", "/api/admin/call-history/" .. company, headers, body)
end

function done(summary, latency, _)
  local errors = summary.errors
  local bad = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.stderr:write(string.format("%.1f %.2f %.2f %d\n", summary.requests / (summary.duration / 1e6),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, bad))
end
