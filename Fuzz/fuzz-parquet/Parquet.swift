import InvSource
import InvSystem

/// Reads the bytes as Parquet, in batches of two sizes: what they say must be the same, and nothing more than
/// they promise.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  guard let descriptor = try? Descriptor.scratch(in: "/dev/shm") else { return 0 }
  do { try descriptor.write(bytes) } catch { return 0 }
  guard let seekable = try? SeekableFile(descriptor, name: "fuzz"),
    let file = try? ParquetFile(seekable, memory: TableMemory(each: 1 << 20))
  else { return 0 }
  let columns = file.columns.indices.filter {
    if case .other = file.columns[$0].kind { false } else { true }
  }
  for part in file.parts.indices.prefix(4) {
    // Rows without anything stored take nothing but time.
    guard file.parts[part].rows < 100_000 else { continue }
    let whole = read(file, part, columns, limit: 4096)
    let cut = read(file, part, columns, limit: 61)
    precondition((whole == nil) == (cut == nil), "only one of two ways fails")
    precondition(whole == cut)
  }
  return 0
}

/// A digest of the values in a part, and the number of its rows; nil when they cannot be read.
private func read(_ file: ParquetFile, _ part: Int, _ columns: [Int], limit: Int) -> [Int]? {
  var sums = [Int](repeating: 0, count: columns.count + 1)
  var vectors = columns.map { _ in ColumnVector() }
  guard let reader = try? file.reader(part: part, columns: columns) else { return nil }
  do {
    while case let count = try reader.next(&vectors, limit: limit), count > 0 {
      sums[columns.count] += count
      for (place, vector) in vectors.enumerated() {
        vector.sum(file.columns[columns[place]], &sums[place])
      }
    }
  } catch { return nil }
  precondition(
    sums[columns.count] == Int(file.parts[part].rows), "rows that are not those promised")
  return sums
}

extension ColumnVector {
  func sum(_ column: TableColumn, _ sum: inout Int) {
    func add(_ value: Int) { sum = (sum &+ value) &* 0x5bd1_e995 }
    for row in 0..<count {
      if !present.isEmpty && present[row] == 0 {
        add(-1)
        continue
      }
      switch column.kind {
      case .bytes:
        let (text, starts, place) =
          dictionary.map { ($0.text, $0.starts, Int(codes[row])) } ?? (text, starts, row)
        for at in starts[place]..<starts[place + 1] { add(Int(text[Int(at)])) }
        precondition(text.count >= Int(starts[place + 1]) + 32)
      case .real: add(Int(truncatingIfNeeded: reals[row].bitPattern))
      case .time: add(Int(integers[row]) &+ (nanoseconds.isEmpty ? 0 : Int(nanoseconds[row])))
      default: add(Int(integers[row]))
      }
    }
  }
}
