import InvBytes

private let tooEarly = FormatError("values end too early", at: 0)

extension ParquetValues {
  /// No batch has more bytes of text than this, but for a single text.
  static let textLimit = 4 << 20
  /// Nor is a text any longer than this.
  static let valueLimit = 16 << 20

  /// Appends the next `count` values, as they are stored, to the `vector` of `column`.
  mutating func read(
    _ count: Int, _ column: ParquetColumn, into vector: inout ColumnVector,
    _ scratch: inout ParquetScratch, _ page: RawSpan
  ) throws(FormatError) {
    scratch.clear()
    switch self {
    case .plain(let start, let end):
      guard let width = column.width else {
        let first = vector.starts.count
        let total = try measureTexts(
          page, at: start, end: end, count: count, limit: .max, to: &vector.starts)
        vector.text.appendTexts(page, at: start, vector.starts, from: first)
        self = .plain(at: start + total + 4 * count, end: end)
        return
      }
      guard count <= (end - start) / width else { throw tooEarly }
      vector.appendPlain(column, page, at: start, width: width, count: count)
      self = .plain(at: start + count * width, end: end)
    case .bits(let bit, let end):
      guard count <= end - bit else { throw tooEarly }
      vector.integers.appendBits(page, at: bit, count: count)
      self = .bits(at: bit + count, end: end)
    case .booleans(var runs):
      _ = try runs.append(count, to: &scratch.bytes, page)
      vector.integers.append(contentsOf: scratch.bytes.lazy.map { Int64($0) })
      self = .booleans(runs)
    case .codes: preconditionFailure("codes are no values")
    case .delta(var integers):
      let first = vector.integers.count
      try integers.append(count, to: &vector.integers, page)
      if column.storage == .int32 { vector.integers.wrapTo32Bits(from: first) }
      self = .delta(integers)
    case .lengths(var lengths, let start, let end):
      try lengths.append(count, to: &scratch.more, page)
      let total = try Self.sum(scratch.more, atMost: end - start)
      vector.appendTexts(page, at: start, lengths: scratch.more, total: total)
      self = .lengths(lengths, at: start + total, end: end)
    case .frontCoded(var shared, var more, let start, let end):
      try shared.append(count, to: &scratch.shared, page)
      try more.append(count, to: &scratch.more, page)
      let taken = try Self.sum(scratch.more, atMost: end - start)
      try Self.frontCoded(column, &vector, &scratch, page, start)
      self = .frontCoded(shared, more, at: start + taken, end: end)
    case .split(let start, let total, let next):
      guard let width = column.width, count <= total - next else { throw tooEarly }
      scratch.bytes.appendSplit(
        page, at: start, width: width, total: total, first: next, count: count)
      vector.appendPlain(column, scratch.bytes.raw, at: 0, width: width, count: count)
      self = .split(at: start, total: total, next: next + count)
    }
  }

  /// How many of the next `count` values are in a batch, so that it has at most `textLimit` bytes of text
  /// or a single one.
  func fitting(_ count: Int, _ column: ParquetColumn, _ page: RawSpan) throws(FormatError) -> Int {
    switch self {
    case .plain(let start, let end):
      if end - start <= Self.textLimit { return count }
      if let width = column.width { return min(count, max(1, Self.textLimit / width)) }
      var ends: [UInt32] = []
      _ = try measureTexts(
        page, at: start, end: end, count: count, limit: Self.textLimit, to: &ends)
      return ends.count
    case .lengths(var lengths, let start, let end):
      if end - start <= Self.textLimit { return count }
      return try Self.fitting(count) { () throws(FormatError) in
        var next: [Int64] = []
        try lengths.append(1, to: &next, page)
        return Int(clamping: next[0])
      }
    case .frontCoded(var shared, var more, _, _):
      return try Self.fitting(count) { () throws(FormatError) in
        var next: [Int64] = []
        try shared.append(1, to: &next, page)
        try more.append(1, to: &next, page)
        return Int(clamping: next[0].addingReportingOverflow(next[1]).partialValue)
      }
    case .split: return min(count, max(1, Self.textLimit / max(1, column.length)))
    case .bits, .booleans, .codes, .delta: return count
    }
  }

  private static func fitting(_ count: Int, _ length: () throws(FormatError) -> Int)
    throws(FormatError) -> Int
  {
    var total = 0
    for number in 0..<count {
      let next = try length()
      // What is no length is found out when it is read.
      if next < 0 || next > textLimit - total { return max(1, number) }
      total += next
    }
    return count
  }

  /// The sum of lengths, each of which must be one.
  private static func sum(_ lengths: [Int64], atMost limit: Int) throws(FormatError) -> Int {
    var total = 0
    for length in lengths {
      guard length >= 0, length <= Int64(limit - total) else {
        throw FormatError("a value of \(length) bytes where \(limit - total) are left", at: 0)
      }
      guard length <= Int64(valueLimit) else {
        throw FormatError("a value of \(length) bytes, more than \(valueLimit)", at: 0)
      }
      total += Int(length)
    }
    return total
  }

  /// Appends texts of which the lengths are in `scratch`, those of what comes from the page checked.
  private static func frontCoded(
    _ column: ParquetColumn, _ vector: inout ColumnVector, _ scratch: inout ParquetScratch,
    _ page: RawSpan, _ start: Int
  ) throws(FormatError) {
    var before = Int64(scratch.last.count - textSlack)
    var total = 0
    for place in scratch.shared.indices {
      let shared = scratch.shared[place]
      guard shared >= 0, shared <= before else {
        throw FormatError("a value shares \(shared) bytes with one of \(before)", at: 0)
      }
      before = shared + scratch.more[place]
      guard before <= Int64(valueLimit) else {
        throw FormatError("a value of \(before) bytes, more than \(valueLimit)", at: 0)
      }
      if column.storage == .fixed && before != Int64(column.length) {
        throw FormatError("a value of \(before) bytes, not \(column.length)", at: 0)
      }
      total += Int(before)
    }
    let first = vector.starts.count
    vector.text.appendFrontCoded(
      page, at: start, shared: scratch.shared, more: scratch.more, after: scratch.last,
      total: total, to: &vector.starts)
    guard vector.starts.count > first else { return }
    let range = Int(vector.starts[vector.starts.count - 2])..<vector.text.count
    scratch.last.removeAll(keepingCapacity: true)
    scratch.last += vector.text[range]
    scratch.last += repeatElement(0, count: textSlack)
  }
}

extension [Int64] {
  /// Makes integers from `first` on what 32 bits of them say.
  fileprivate mutating func wrapTo32Bits(from first: Int) {
    for place in first..<count { self[place] = Int64(Int32(truncatingIfNeeded: self[place])) }
  }
}

extension ColumnVector {
  /// Appends `count` values of `width` bytes each, which are there.
  fileprivate mutating func appendPlain(
    _ column: ParquetColumn, _ page: RawSpan, at start: Int, width: Int, count: Int
  ) {
    switch column.storage {
    case .int32, .int64: integers.append(page, at: start, width: width, count: count)
    case .float, .double: reals.append(page, at: start, width: width, count: count)
    default:
      var end = UInt32(text.count)
      text.append(page.extracting(start..<start + count * width))
      for _ in 0..<count {
        end += UInt32(width)
        starts.append(end)
      }
    }
  }

  /// Appends texts that stand one after another from `start` on, `total` bytes, which are there.
  fileprivate mutating func appendTexts(
    _ page: RawSpan, at start: Int, lengths: [Int64], total: Int
  ) {
    var end = UInt32(text.count)
    text.append(page.extracting(start..<start + total))
    for length in lengths {
      end += UInt32(length)
      starts.append(end)
    }
  }
}

extension ParquetColumn {
  /// Whether values are stored as text is, whatever they mean.
  var isTextual: Bool { storage == .text || storage == .fixed || storage == .int96 }

  /// Whether values are text.
  var hasText: Bool { isTextual && meaning == .asStored }

  /// Whether values are reals.
  var hasReals: Bool {
    if case .decimal(let scale) = meaning { return scale > 0 }
    return storage == .float || storage == .double
  }

  /// The bytes of each value, where all have the same.
  var width: Int? {
    switch storage {
    case .boolean, .text: nil
    case .int32, .float: 4
    case .int64, .double: 8
    case .int96: 12
    case .fixed: length
    }
  }
}
