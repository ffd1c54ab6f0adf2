-- Signed deliveries for wrk: every request another body, its signature worked out beforehand.
-- GATE_CORPUS is a folder with path, before, after and signatures (64 characters and a line break each); the body is
-- before, ten digits, after. GATE_FIRST is the first number; each thread takes its own, GATE_STEP apart.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function read(name)
  local file = assert(io.open(os.getenv("GATE_CORPUS") .. "/" .. name, "rb"))
  local text = file:read("*a")
  file:close()
  return text
end

function init(args)
  before, after, signatures = read("before"), read("after"), read("signatures")
  step = tonumber(os.getenv("GATE_STEP"))
  count = math.floor(#signatures / 65)
  at = tonumber(os.getenv("GATE_FIRST")) + number
  head = "POST " .. read("path") .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
    .. (#before + 10 + #after) .. "\r\nX-Hub-Signature-256: sha256="
end

function request()
  local n = at % count
  at = at + step
  return head .. signatures:sub(n * 65 + 1, n * 65 + 64) .. "\r\n\r\n" .. before .. string.format("%010d", n) .. after
end

function done(summary, latency, requests)
  local failed = summary.errors
  io.write(string.format(
    '{"requests": %d, "refused": %d, "broken": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "max": %.3f}\n',
    summary.requests, failed.status, failed.connect + failed.read + failed.write + failed.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
