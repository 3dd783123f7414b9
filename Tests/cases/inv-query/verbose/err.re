inv-query: 2 rows, \d+\.\d\d s, \d+\.\d\d s CPU, .* peak
