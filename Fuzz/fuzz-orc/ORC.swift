import Glibc
import InvSource
import InvSystem

/// Reads the bytes as ORC, many rows at once and few: what becomes of them must be the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let (many, few) = (read(bytes, limit: 4096), read(bytes, limit: 61))
  if let many, let few {
    precondition(many.rows == few.rows && many.sums == few.sums, "two ways give other rows")
  } else {
    precondition(many == nil && few == nil, "only one of two ways fails")
  }
  return 0
}

private struct Outcome {
  var rows: UInt64 = 0
  /// Of each column.
  var sums: [UInt64] = []
}

/// No more rows of a part are read: a few bytes can stand for many.
private let mostRows: UInt64 = 1 << 16

private func read(_ bytes: [UInt8], limit: Int) -> Outcome? {
  var outcome = Outcome()
  do throws(Failure) {
    let file = try ORCFile(SeekableFile(memory(bytes), name: "fuzz"))
    let columns = file.columns.indices.filter {
      if case .other = file.columns[$0].kind { false } else { true }
    }
    outcome.sums = [UInt64](repeating: 0, count: columns.count)
    for (number, part) in file.parts.enumerated().prefix(4) {
      let reader = try file.reader(part: number, columns: columns)
      var vectors = [ColumnVector](repeating: ColumnVector(), count: columns.count)
      var rows: UInt64 = 0
      while rows < mostRows {
        let count = try reader.next(&vectors, limit: min(limit, Int(mostRows - rows)))
        if count == 0 { break }
        rows += UInt64(count)
        for (place, vector) in vectors.enumerated() { add(vector, count, &outcome.sums[place]) }
      }
      precondition(rows == min(part.rows, mostRows), "a part with other rows than it promised")
      outcome.rows += rows
    }
  } catch {
    precondition(error.status == .data, "a failure that does not blame the file")
    return nil
  }
  return outcome
}

/// Adds all values of a column up, in their order.
private func add(_ vector: ColumnVector, _ count: Int, _ sum: inout UInt64) {
  precondition(vector.count == count)
  precondition(vector.present.isEmpty || vector.present.count == count)
  func add(_ word: UInt64) { sum = (sum &* 0x9e37_79b9_7f4a_7c15) &+ word }
  for row in 0..<count {
    let isPresent = vector.present.isEmpty || vector.present[row] == 1
    add(isPresent ? 1 : 0)
    if !vector.integers.isEmpty { add(UInt64(bitPattern: vector.integers[row])) }
    if !vector.nanoseconds.isEmpty {
      precondition(vector.nanoseconds[row] < 1_000_000_000)
      if vector.nanoseconds[row] > 0 { add(UInt64(vector.nanoseconds[row])) }
    }
    if !vector.reals.isEmpty { add(vector.reals[row].bitPattern) }
    if let words = vector.dictionary {
      let code = Int(vector.codes[row])
      precondition(!isPresent || code < words.count)
      if isPresent { for byte in words.text[range(words.starts, code)] { add(UInt64(byte)) } }
    } else if !vector.starts.isEmpty {
      for byte in vector.text[range(vector.starts, row)] { add(UInt64(byte)) }
    }
  }
}

private func range(_ starts: [UInt32], _ place: Int) -> Range<Int> {
  Int(starts[place])..<Int(starts[place + 1])
}

/// A file in memory, without a name, that holds `bytes`.
private func memory(_ bytes: [UInt8]) -> Descriptor {
  var path = Array("/dev/shm/inv-fuzz-XXXXXX".utf8CString)
  let number = unsafe mkstemp(&path)
  let written = unsafe write(number, bytes, bytes.count)
  precondition(written == bytes.count)
  unsafe _ = unlink(path)
  return Descriptor(number, name: "memory")
}
