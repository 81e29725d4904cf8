# SPDX-License-Identifier: Apache-2.0
#
# Reads what report.awk reads, needs common.awk; draws the medians of records/s as bars (SVG), batches and single records on a scale each.

function heading(work,    v) {
    split(work, v, /[-x]/)
    if (v[1] == "stream") return "one NDJSON body of " thousands(v[3]) " records"
    if (v[3] == 1) return "single records, " v[2] " connections (a scale of their own)"
    return "batches of " thousands(v[3]) ", " v[2] (v[2] == 1 ? " connection" : " connections")
}

function thousands(n) {
    n = sprintf("%d", n)
    return length(n) > 3 ? substr(n, 1, length(n) - 3) "," substr(n, length(n) - 2) : n
}

function text(x, y, class, words) { out = out sprintf("<text x=\"%d\" y=\"%d\" class=\"%s\">%s</text>\n", x, y, class, words) }

function bar(key, most,    v, part, width) {
    split(key, part, " ")
    v = median(values[key])
    width = v / most * 480
    text(190, y + 13, "name", label(part[1]))
    out = out sprintf("<rect x=\"200\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"2\" class=\"%s\"/>\n", y, width, substr(part[1], 1, 4))
    text(206 + width, y + 13, "value", thousands(v) "/s")
    y += 21
}

{
    key = $2 " " $3
    if (!($3 in works)) { works[$3] = 1; work[++work_count] = $3 }
    if (!(key in values)) order[++count] = key
    values[key] = values[key] " " $5
}

END {
    y = 56
    for (k = 1; k <= count; k++) {
        v = median(values[order[k]])
        if (order[k] ~ /x1$/) { if (v > most_single) most_single = v } else if (v > most) most = v
    }
    for (w = 1; w <= work_count; w++) {
        text(20, y + 10, "work", heading(work[w]))
        y += 22
        for (k = 1; k <= count; k++) {
            split(order[k], part, " ")
            if (part[2] == work[w]) bar(order[k], work[w] ~ /x1$/ ? most_single : most)
        }
        y += 14
    }
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 780 %d\" width=\"780\" height=\"%d\" role=\"img\">\n", y, y
    print "<!-- SPDX-License-Identifier: Apache-2.0 -->"
    printf "<title>%s</title>\n", title
    print "<style>"
    print "text { font: 13px system-ui, sans-serif; fill: #1f2328 } .name { text-anchor: end } .value { font-size: 12px }"
    print ".head { font-size: 17px; font-weight: 600 } .work { font-weight: 600 } .back { fill: #ffffff }"
    print ".bare { fill: #8c959f } .ruku { fill: #b3261e } .php- { fill: #6f7bb6 } .node { fill: #3f8f4f }"
    print "@media (prefers-color-scheme: dark) {"
    print "text { fill: #e6edf3 } .back { fill: #0d1117 } .bare { fill: #6e7681 } .ruku { fill: #f0645a } .php- { fill: #8b97d8 } .node { fill: #56b36a }"
    print "}\n</style>"
    printf "<rect class=\"back\" width=\"780\" height=\"%d\"/>\n", y
    printf "<text x=\"20\" y=\"32\" class=\"head\">%s</text>\n%s</svg>\n", title, out
}
