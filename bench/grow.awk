# SPDX-License-Identifier: Apache-2.0
#
# Reads lines "series millions rate p99 page"; prints a table of first and last million, or with svg=1 a drawing of rate over size.

function name_of(s) {
    if (s == "in-order") return "ids in order"
    return s == "random" ? "random ids" : "random ids, pool of 256 MB"
}

function page(s, m) { return (s, m) in pages ? pages[s, m] : "-" }

{
    if (!($1 in last)) order[++count] = $1
    if ($2 <= 1) { first_sum[$1] += 1 / $3; first_n[$1]++ }
    rate[$1, ++n[$1]] = $3; size[$1, n[$1]] = $2; pages[$1, n[$1]] = $5
    last[$1] = $2
    if ($3 > most) most = $3
    if ($2 > widest) widest = $2
}

# Steps hold the same number of rows, so the rate of several is the harmonic mean of theirs.
function last_million(s,    i, sum, k) {
    for (i = 1; i <= n[s]; i++) if (size[s, i] > last[s] - 1) { sum += 1 / rate[s, i]; k++ }
    return k / sum
}

function draw(    s, i, k, x, y, top) {
    top = (int(most / 20000) + 1) * 20000
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 420\" width=\"780\" height=\"420\" role=\"img\">"
    print "<!-- SPDX-License-Identifier: Apache-2.0 -->\n<title>Records stored a second as the table grows</title>\n<style>"
    print "text { font: 13px system-ui, sans-serif; fill: #1f2328 } .head { font-size: 17px; font-weight: 600 } .back { fill: #ffffff }"
    print ".grid { stroke: #d0d7de } polyline { fill: none; stroke-width: 2.5 } .end { text-anchor: end } .mid { text-anchor: middle }"
    print ".l1 { stroke: #1f6feb } .l2 { stroke: #b3261e } .l3 { stroke: #9a6700 }"
    print "@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .back { fill: #0d1117 } .grid { stroke: #30363d }"
    print ".l1 { stroke: #58a6ff } .l2 { stroke: #f0645a } .l3 { stroke: #d29922 } }\n</style>"
    print "<rect class=\"back\" width=\"780\" height=\"420\"/>\n<text x=\"20\" y=\"32\" class=\"head\">Records stored a second as the table grows</text>"
    for (i = 0; i <= 4; i++) {
        y = 340 - i * 70
        printf "<line class=\"grid\" x1=\"80\" y1=\"%d\" x2=\"740\" y2=\"%d\"/><text class=\"end\" x=\"72\" y=\"%d\">%d</text>\n", y, y, y + 4, top / 4 * i
    }
    for (i = 0; i <= widest; i++)
        printf "<text class=\"mid\" x=\"%d\" y=\"360\">%d</text>\n", 80 + i / widest * 660, i
    print "<text class=\"mid\" x=\"410\" y=\"380\">million records stored</text>"
    for (k = 1; k <= count; k++) {
        s = order[k]
        printf "<polyline class=\"l%d\" points=\"", k
        for (i = 1; i <= n[s]; i++) printf "%.1f,%.1f ", 80 + size[s, i] / widest * 660, 340 - rate[s, i] / top * 280
        printf "\"/>\n<line class=\"l%d\" stroke-width=\"2.5\" x1=\"%d\" y1=\"400\" x2=\"%d\" y2=\"400\"/><text x=\"%d\" y=\"404\">%s</text>\n",
            k, 80 + (k - 1) * 200, 104 + (k - 1) * 200, 110 + (k - 1) * 200, name_of(s)
    }
    print "</svg>"
}

END {
    if (svg) { draw(); exit }
    printf "Buffer pool %s, for the last series 256M; steps of %d records, batches of 500 over 4 connections.\n" \
        "The first two series begin on a server that has run in: its pool and its redo log are full of another table.\n\n", pool, size[order[1], 1] * 1e6
    print "| ids | rows | first million, records/s | last million, records/s | ratio | page of 100 at the first step, ms | at the last, ms |"
    print "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    for (k = 1; k <= count; k++) {
        s = order[k]
        first = first_n[s] / first_sum[s]
        printf "| %s | %g million | %d | %d | %.2f | %s | %s |\n", name_of(s), last[s], first, last_million(s),
            last_million(s) / first, page(s, 1), page(s, n[s])
    }
}
