import InvSource
import InvSystem

/// The rows of a table as text: a line a row, a tab between columns, `\N` where there is no value.
///
/// Columns that are not read are left out. Numbers of floating point are their bits in hexadecimal,
/// times are `seconds.nanoseconds`.
func tableText(
  _ file: some TableFile, columns: [Int]? = nil, limit: Int = 1000
) throws(Failure) -> [UInt8] {
  let read = columns ?? file.columns.indices.filter { !file.columns[$0].isOther }
  var text: [UInt8] = []
  for (number, part) in file.parts.enumerated() {
    let reader = try file.reader(part: number, columns: read)
    var vectors = [ColumnVector](repeating: ColumnVector(), count: read.count)
    var rows: UInt64 = 0
    while true {
      let count = try reader.next(&vectors, limit: limit)
      if count == 0 { break }
      rows += UInt64(count)
      for row in 0..<count {
        for (place, vector) in vectors.enumerated() {
          precondition(vector.count == count)
          if place > 0 { text.append(0x09) }
          append(vector, row, file.columns[read[place]].kind, to: &text)
        }
        text.append(0x0a)
      }
    }
    precondition(rows == part.rows, "a part with other rows than it promised")
  }
  return text
}

private func append(
  _ vector: ColumnVector, _ row: Int, _ kind: TableColumn.Kind, to text: inout [UInt8]
) {
  if !vector.present.isEmpty && vector.present[row] == 0 { return text += Array("\\N".utf8) }
  switch kind {
  case .bytes:
    var value: ArraySlice<UInt8>
    if let words = vector.dictionary {
      let code = Int(vector.codes[row])
      value = words.text[Int(words.starts[code])..<Int(words.starts[code + 1])]
    } else {
      value = vector.text[Int(vector.starts[row])..<Int(vector.starts[row + 1])]
    }
    for byte in value {
      switch byte {
      case 0x5c: text += [0x5c, 0x5c]
      case 0x09: text += [0x5c, 0x74]
      case 0x0a: text += [0x5c, 0x6e]
      default: text.append(byte)
      }
    }
  case .integer, .unsigned, .boolean: text += Array(String(vector.integers[row]).utf8)
  case .real: text += Array(String(vector.reals[row].bitPattern, radix: 16).utf8)
  case .time:
    let part = vector.nanoseconds.isEmpty ? 0 : vector.nanoseconds[row]
    let digits = String(part)
    text += Array(
      "\(vector.integers[row]).\(String(repeating: "0", count: 9 - digits.count))\(digits)".utf8)
  case .other: preconditionFailure("a column that cannot be read")
  }
}

extension TableColumn {
  var isOther: Bool { if case .other = kind { true } else { false } }
}
