# SPDX-License-Identifier: Apache-2.0
#
# What report.awk and chart.awk share.

function median(list,    n, v, i, j, t) {
    n = split(list, v, " ")
    for (i = 2; i <= n; i++) {
        t = v[i] + 0
        for (j = i - 1; j > 0 && v[j] + 0 > t; j--) v[j + 1] = v[j]
        v[j + 1] = t
    }
    return n == 0 ? "" : n % 2 ? v[(n + 1) / 2] + 0 : (v[n / 2] + v[n / 2 + 1]) / 2
}

function label(name) {
    if (name ~ /^bare/) return "array binding alone"
    sub(/^ruku-/, "Ruku, ", name); sub(/^php-/, "PHP-FPM, ", name); sub(/^node-/, "Node.js, ", name)
    sub(/apache/, "Apache", name)
    return name
}
