-- SPDX-License-Identifier: Apache-2.0
--
-- Single records, for wrk: with the token of RUKU_BENCH_TOKEN, ids that begin with RUKU_BENCH_PREFIX, and RUKU_BENCH_DELAY milliseconds before each.
local prefix = os.getenv("RUKU_BENCH_PREFIX")
local pause = tonumber(os.getenv("RUKU_BENCH_DELAY"))
local count = 0

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("RUKU_BENCH_TOKEN")

request = function()
  count = count + 1
  return wrk.format(nil, nil, nil, string.format('{"id":"%s-%d","title":"record %d"}', prefix, count, count))
end

if pause > 0 then
  delay = function() return pause end
end

done = function(summary, latency, requests)
  io.write(string.format("RESULT %.0f %.2f %.2f %d\n", summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1e3,
    latency:percentile(99) / 1e3, summary.errors.status))
end
