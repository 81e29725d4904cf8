# SPDX-License-Identifier: Apache-2.0
#
# Reads lines "round name work records rate MB/s p50 p99 cpu-db cpu-web cpu-gateway cpu-driver peak-KiB"; prints tables of their
# medians and of the medians of each round's ratios. Needs common.awk.

function work_label(work,    v) {
    split(work, v, /[-x]/)
    if (v[1] == "stream") return "one NDJSON body of " v[3]
    if (v[3] == 1) return "single records, " v[2] " connections"
    return "batches of " v[3] ", " v[2] (v[2] == 1 ? " connection" : " connections")
}

# Median over the rounds of one rate by another.
function ratio(a, b,    r, list) {
    for (r = 1; r <= rounds; r++)
        if ((r, a) in rate && (r, b) in rate) list = list " " rate[r, a] / rate[r, b]
    return median(list)
}

function target(text, a, b, low,    got) {
    got = ratio(a, b)
    if (got == "") return
    printf "| %s | %.2f | %s | %s |\n", text, got, (low == "" ? "-" : "≥ " low),
        (low == "" ? "-" : got < low ? "no" : "yes")
}

{
    key = $2 " " $3
    if (!(key in seen)) { seen[key] = 1; order[++count] = key }
    rate[$1, key] = $5
    if ($1 > rounds) rounds = $1
    for (i = 5; i <= 13; i++) values[key, i] = values[key, i] " " (i >= 9 && i <= 12 ? $i * 1000 / $4 : $i)
}

END {
    print "| gateway | work | records/s | MB/s | p50 ms | p99 ms | CPU s per 1,000: database | web server | gateway | driver | largest process MiB |"
    print "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (k = 1; k <= count; k++) {
        split(order[k], part, " ")
        printf "| %s | %s", label(part[1]), work_label(part[2])
        printf " | %d | %.1f | %.2f | %.2f", median(values[order[k], 5]), median(values[order[k], 6]),
            median(values[order[k], 7]), median(values[order[k], 8])
        for (i = 9; i <= 12; i++) printf " | %.4f", median(values[order[k], i])
        peak = median(values[order[k], 13])
        printf " | %s |\n", (peak > 0 ? sprintf("%.1f", peak / 1024) : "-")
    }
    print "\n| ratio, median of each round's | measured | target | met |"
    print "| --- | ---: | ---: | --- |"
    for (w = 1; w <= 2; w++) {
        web = w == 1 ? "lighttpd" : "apache"
        r = "ruku-" web " "; p = "php-" web " "; n = "node-" web " "; t = ", " (w == 1 ? "lighttpd" : "Apache")
        target("batches of 1,000 over 4 connections by the limit" t, r "batch-4x1000", "bare-4 batch-4x1000", 0.75)
        target("batches of 1,000 over 4 connections by PHP" t, r "batch-4x1000", p "batch-4x1000", 1.7)
        target("batches of 1,000 over 4 connections by Node.js" t, r "batch-4x1000", n "batch-4x1000", 2.4)
        target("the limit itself by PHP" t, "bare-4 batch-4x1000", p "batch-4x1000", "")
        target("the limit itself by Node.js" t, "bare-4 batch-4x1000", n "batch-4x1000", "")
        target("single records over 8 connections by PHP" t, r "batch-8x1", p "batch-8x1", 1.7)
        target("single records over 8 connections by Node.js" t, r "batch-8x1", n "batch-8x1", 1.2)
        target("one NDJSON body by batches of 1,000 on one connection" t, r "stream-1x100000", r "batch-1x1000", 0.9)
        target("batches of 1,000 on one connection by the limit" t, r "batch-1x1000", "bare-1 batch-1x1000", "")
    }
}
