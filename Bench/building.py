"""From an inventory to an index, by our programs, and what DuckDB does of the same."""

import os
import shutil
import subprocess

from measuring import BIN, DATA, data_files, pipeline, python_with

# The inventory as a table of keys and sizes.
CSV = """
    SELECT url_decode(replace(column01, '+', ' ')) AS key, column02::BIGINT AS size
    FROM read_csv([{names}], header=false, all_varchar=true, quote='"', escape='"', delim=',')"""
PARQUET = """
    SELECT key, size FROM read_parquet([{names}])"""

SCRIPT = """
import sys, time, duckdb
threads, result, objects, files = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4:]
c = duckdb.connect()
c.execute(f"SET threads = {threads}; SET enable_progress_bar = false")
objects = objects.format(names=", ".join("'" + f.replace("'", "''") + "'" for f in files))
start = time.perf_counter()
c.execute(f'''
COPY (
  WITH o AS ({objects})
  SELECT prefix, count(*) n, sum(size) b FROM (
    SELECT array_to_string(parts[1:i], '/') || '/' AS prefix, size FROM (
      SELECT parts, size, unnest(range(1, len(parts))) AS i FROM (
        SELECT string_split(key, '/') AS parts, size FROM o)))
  GROUP BY prefix ORDER BY prefix
) TO '{result}' (FORMAT parquet)''')
print(time.perf_counter() - start, c.execute(f"SELECT count(*) FROM '{result}'").fetchone()[0])
"""


def duckdb(manifest, objects):
    """Wall seconds of DuckDB's statement over the files of an inventory, and how many prefixes it found."""
    result = DATA / "duckdb.parquet"
    python = python_with("duckdb")
    command = [python, "-c", SCRIPT, os.cpu_count(), result, objects, *data_files(manifest)]
    out = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout.split()
    return float(out[0]), int(out[1])


def build(manifest, out):
    """The three commands from an inventory to an index; the usage of either pipeline."""
    runs = DATA / "index-runs"
    for folder in (runs, out):
        shutil.rmtree(folder, ignore_errors=True)
    first = pipeline([BIN / "inv-fetch", manifest], [BIN / "inv-parse"], [BIN / "inv-agg", "-o", runs])
    second = pipeline([BIN / "inv-merge", *sorted(runs.iterdir())], [BIN / "inv-mkindex", out])
    shutil.rmtree(runs)
    return first, second


def wall(both):
    """The seconds of both pipelines."""
    return both[0].wall + both[1].wall
