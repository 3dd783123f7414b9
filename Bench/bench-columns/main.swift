// Times the reading of columns: bench-columns NAME,NAME... FILE... See ../README.md.

import Glibc
import InvSource
import InvSystem

/// Touches every value, as those who read columns do.
func sum(_ vector: ColumnVector) -> UInt64 {
  var sum = UInt64(vector.text.count)
  for value in vector.integers { sum &+= UInt64(bitPattern: value) }
  for code in vector.codes { sum &+= UInt64(code) }
  if let last = vector.starts.last { sum &+= UInt64(last) }
  return sum
}

do {
  let names = CommandLine.arguments[1].split(separator: ",").map(String.init)
  var (rows, total) = (0, UInt64(0))
  let start = (Machine.clock, Machine.cpuSeconds)
  for path in CommandLine.arguments.dropFirst(2) {
    let bytes = try SeekableFile(Descriptor.reading(path), name: path)
    let isORC = try bytes.bytes(at: 0, count: 3) == Array("ORC".utf8)
    let file: any TableFile = isORC ? try ORCFile(bytes) : try ParquetFile(bytes)
    let columns = names.compactMap { name in file.columns.firstIndex { $0.name == name } }
    var vectors = columns.map { _ in ColumnVector() }
    for part in file.parts.indices {
      let reader = try file.reader(part: part, columns: columns)
      while true {
        let count = try reader.next(&vectors, limit: 4096)
        if count == 0 { break }
        rows += count
        for vector in vectors { total &+= sum(vector) }
      }
    }
  }
  let (wall, cpu) = (Machine.clock - start.0, Machine.cpuSeconds - start.1)
  let rate = (Double(rows) / cpu / 1e5).rounded() / 10
  let text =
    "\(rows) rows, \(names.joined(separator: " ")): \(rate) M rows/s of CPU, \(cpu) s,"
    + " wall \(wall) s, peak \(Machine.peakMemory >> 20) MiB (\(total))\n"
  try Descriptor.standardOutput.write(Array(text.utf8))
} catch {
  try? Descriptor.standardError.write(Array("bench-columns: \(error)\n".utf8))
  exit(1)
}
