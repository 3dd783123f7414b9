import InvBytes

extension ScanTemplate {
  /// Reads a record; where its path begins, or -1 with what is wrong in `row`. Behind the record 32 bytes
  /// can be read, the first of which ends it.
  ///
  /// No step passes the end: no field and no text has the byte that is there.
  @inline(__always)
  func walk(
    _ text: RawSpan, _ start: Int, _ end: Int, _ row: inout ScanRow, _ clock: LocalClock
  ) -> Int {
    var at = start
    if !front.isEmpty {
      guard Self.has(text, at, end, front, front.indices) else { return -1 }
      at &+= front.count
    }
    for step in steps {
      let field = step.field
      if field == .skipped {
        at = skip(step, text, at, end)
        if at < 0 { return -1 }
      } else {
        at = row.take(
          field, text, at, end, stop: step.stop, separator: step.separator, clock)
        if at < 0 {
          row.verdict = field.fault
          return -1
        }
      }
      guard (text.u64(at: at) ^ step.word) & step.mask == 0 else { return -1 }
      at &+= step.count
      if !step.rest.isEmpty {
        guard Self.has(text, at, end, texts, step.rest) else { return -1 }
        at &+= step.rest.count
      }
    }
    return at
  }

  /// Where the text of `step` is first.
  private func skip(_ step: Step, _ text: RawSpan, _ start: Int, _ end: Int) -> Int {
    var at = start
    while true {
      at = text.place(of: step.stop, at, end)
      if at == end { return -1 }
      if (text.u64(at: at) ^ step.word) & step.mask == 0,
        step.rest.isEmpty || Self.has(text, at + step.count, end, texts, step.rest)
      {
        return at
      }
      at += 1
    }
  }

  private static func has(
    _ text: RawSpan, _ at: Int, _ end: Int, _ other: [UInt8], _ range: Range<Int>
  ) -> Bool {
    guard range.count <= end - at else { return false }
    for (offset, place) in range.enumerated() where text.u8(at: at + offset) != other[place] {
      return false
    }
    return true
  }
}
